//! A background process, known by its number *and* the moment it started.
//!
//! Numbers are used again: a number alone, read from a file an hour later, may be a stranger.
//! The pair is checked through a process descriptor that cannot change hands, so what is stopped
//! is what was started. This works on Linux only, like the systems that need it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Stdio;

use serde::{Deserialize, Serialize};

use crate::command::Cmd;
use crate::{Error, files};

/// A process that was started by a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    id: i32,
    /// Clock ticks between the start of the machine and that of the process.
    started: u64,
}

impl Process {
    /// Starts a command in the background, with its output in a file.
    pub fn start(command: &Cmd, log: &Path) -> Result<Self, Error> {
        let doing = |source| Error::File { doing: "create", path: log.to_path_buf(), source };
        let out = create(log).map_err(doing)?;
        let err = out.try_clone().map_err(doing)?;
        let child = command.leave_running(Stdio::from(out), Stdio::from(err))?;
        let id = child.id().cast_signed();
        let started = stat(id).map_or(0, |stat| stat.started);
        Ok(Self { id, started })
    }

    /// The number of the process.
    pub const fn id(&self) -> i32 {
        self.id
    }

    /// Whether it runs; a process that has ended and waits to be collected does not.
    pub fn is_running(&self) -> bool {
        stat(self.id).is_some_and(|stat| stat.started == self.started && stat.runs)
    }

    /// Asks it to end, waits, and kills it when it does not listen.
    pub(super) fn stop(&self) -> Result<(), String> {
        imp::stop(self)
    }
}

#[expect(clippy::disallowed_methods, reason = "the log must be open before the process starts")]
fn create(log: &Path) -> io::Result<File> {
    File::create(log)
}

#[derive(Debug, PartialEq, Eq)]
struct Stat {
    runs: bool,
    started: u64,
}

fn stat(id: i32) -> Option<Stat> {
    parse(&files::read(Path::new(&format!("/proc/{id}/stat"))).ok()?)
}

/// Reads the state (third field) and the start (twenty-second) of `/proc/<id>/stat`.
///
/// The second field, the name in parentheses, may contain anything, so counting begins behind it.
fn parse(text: &str) -> Option<Stat> {
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let runs = !matches!(fields.next()?, "Z" | "X");
    let started = fields.nth(18)?.parse().ok()?;
    Some(Stat { runs, started })
}

#[cfg(target_os = "linux")]
mod imp {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fd::OwnedFd;
    use rustix::io::Errno;
    use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

    use super::Process;

    const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

    pub(super) fn stop(process: &Process) -> Result<(), String> {
        let Some(id) = Pid::from_raw(process.id) else { return Ok(()) };
        let held = match pidfd_open(id, PidfdFlags::empty()) {
            Err(Errno::SRCH) => return Ok(()),
            other => other.map_err(|error| error.to_string())?,
        };
        // Checked after opening: from here on the descriptor cannot come to mean a stranger.
        if !process.is_running() || ends(&held, Signal::TERM)? || ends(&held, Signal::KILL)? {
            return Ok(());
        }
        Err("it does not end even when killed".into())
    }

    fn ends(held: &OwnedFd, signal: Signal) -> Result<bool, String> {
        match pidfd_send_signal(held, signal) {
            Err(Errno::SRCH) => return Ok(true),
            other => other.map_err(|error| error.to_string())?,
        }
        let mut end = [PollFd::new(held, PollFlags::IN)];
        poll(&mut end, Some(&PATIENCE)).map(|ready| ready > 0).map_err(|error| error.to_string())
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    pub(super) fn stop(_: &super::Process) -> Result<(), String> {
        Err("background processes are known by id on Linux only".into())
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    fn started(script: &str) -> (tempfile::TempDir, Process) {
        let folder = tempfile::tempdir().expect("a folder");
        let command = Cmd::new("sh").args(["-c", script]);
        let process = Process::start(&command, &folder.path().join("log")).expect("started");
        (folder, process)
    }

    #[test]
    fn what_was_started_is_stopped_and_twice_is_harmless() {
        let (_folder, process) = started("exec sleep 600");
        assert!(process.is_running());
        process.stop().expect("stopped");
        assert!(!process.is_running());
        process.stop().expect("stopped already");
    }

    #[test]
    fn a_stranger_with_the_same_number_is_left_alone() {
        let (_folder, process) = started("exec sleep 600");
        let stranger = Process { started: process.started + 1, ..process };
        assert!(!stranger.is_running());
        stranger.stop().expect("nothing of ours to stop");
        assert!(process.is_running(), "the other process must survive");
        process.stop().expect("stopped");
    }

    #[test]
    fn a_name_with_parentheses_and_spaces_does_not_shift_the_fields() {
        let tail = "S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0";
        let stat = parse(&format!("7 (a) b (c)) {tail}"));
        assert_eq!(stat, Some(Stat { runs: true, started: 4242 }));
        assert_eq!(parse("7 (cut"), None);
    }
}
