//! The process between a worker and the program that it runs.
//!
//! A worker can be killed with no time to stop its program, which would then go on changing the
//! database while the next worker begins. The kernel tells the warden of the death of the worker,
//! and the warden ends the whole group.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus, Stdio};

use rustix::process::{
    Pid, Signal, getpid, getppid, kill_process, kill_process_group, set_parent_process_death_signal,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::files;

/// The exit code of who cannot begin, as shells have it.
const CANNOT_BEGIN: u8 = 127;

/// Runs the program, and ends as it ends. Must be the leader of a group of its own, started by the
/// worker whose id is given.
pub fn warden(worker: i32, words: &[OsString]) -> ExitCode {
    match guarded(worker, words) {
        Ok(status) => end_like(status),
        Err(error) => {
            let name = words.first().map(|word| word.to_string_lossy().into_owned());
            say(&format!("`{}` cannot be started: {error}", name.unwrap_or_default()));
            ExitCode::from(CANNOT_BEGIN)
        }
    }
}

fn guarded(worker: i32, words: &[OsString]) -> io::Result<ExitStatus> {
    // Caught before the kernel is asked to send it, so that none is missed.
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])?;
    set_parent_process_death_signal(Some(Signal::TERM))?;
    end_without(worker);
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut child = files::command(program).args(arguments).stdin(Stdio::null()).spawn()?;
    // A request to stop goes to the whole group, so that the program has heard it as well.
    std::thread::spawn(move || signals.forever().for_each(|_| end_without(worker)));
    child.wait()
}

/// Ends the whole group, with this process in it, if the worker is gone.
fn end_without(worker: i32) {
    if getppid().map(Pid::as_raw_pid) != Some(worker) {
        let _ = kill_process_group(getpid(), Signal::KILL);
    }
}

/// Whoever waits is told exactly how the program ended.
fn end_like(status: ExitStatus) -> ExitCode {
    let Some(signal) = status.signal() else {
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        return ExitCode::from(code.unwrap_or(CANNOT_BEGIN));
    };
    if signal == Signal::KILL.as_raw() {
        let _ = kill_process(getpid(), Signal::KILL);
    }
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    // A signal that does not end a process has not ended the program either.
    ExitCode::from(CANNOT_BEGIN)
}

fn say(line: &str) {
    use io::Write as _;
    // Where nobody can be told, the exit code must do.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
