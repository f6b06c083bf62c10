//! Ctrl-C, and the signal with which a CI job is cancelled.
//!
//! A task that started something must stop it, also when it is interrupted. So a signal does not
//! end the task runner: it ends the program that the task runner waits for, and the task then
//! fails with [`Error::Interrupted`] and cleans up on its way out. A second signal kills that
//! program outright, for the one that does not listen.
//!
//! Signals belong to the whole process, hence the statics. Programs run in a process group of
//! their own, which also reaches what they started; there is one at a time.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::SeqCst};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::Error;

const NOBODY: i32 = 0;

static FOREGROUND: AtomicI32 = AtomicI32::new(NOBODY);
static RAISED: AtomicU32 = AtomicU32::new(0);

/// Begins to watch for signals; call it once, first thing in `main`.
pub fn watch() -> Result<(), Error> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(Error::Signals)?;
    thread::spawn(move || {
        for _ in signals.forever() {
            RAISED.fetch_add(1, SeqCst);
            forward();
        }
    });
    Ok(())
}

/// Whether the task has been asked to stop.
pub fn raised() -> bool {
    RAISED.load(SeqCst) > 0
}

/// A program that the task runner waits for; dropping this ends the forwarding.
#[derive(Debug)]
pub(crate) struct Foreground;

impl Foreground {
    /// Forwards signals to the process group of `leader`, also one that has just come in.
    pub(crate) fn new(leader: u32) -> Self {
        FOREGROUND.store(leader.cast_signed(), SeqCst);
        if raised() {
            forward();
        }
        Self
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        FOREGROUND.store(NOBODY, SeqCst);
    }
}

fn forward() {
    let signal = if RAISED.load(SeqCst) > 1 { Signal::KILL } else { Signal::TERM };
    if let Some(group) = Pid::from_raw(FOREGROUND.load(SeqCst)) {
        let _already_ended = kill_process_group(group, signal);
    }
}
