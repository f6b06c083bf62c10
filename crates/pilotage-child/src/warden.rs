//! The process between a supervisor and the program that it runs.
//!
//! A supervisor can be killed with no time to stop its program, which would then go on changing a
//! database, or run with secrets that nobody masks any more. The kernel tells the warden of the death
//! of the supervisor, and the warden ends the whole group.
//!
//! It is told through a descriptor that means the whole process. A parent's death signal would not do:
//! it is sent for each thread of a parent, while the others are still there, and looks like a signal
//! that is meant for the program.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitCode, ExitStatus};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, getpid, getppid, kill_process, kill_process_group, pidfd_open,
    pidfd_send_signal, set_parent_process_death_signal,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;

/// The exit code of who cannot begin, as shells have it.
const CANNOT_BEGIN: u8 = 127;

/// What a warden does with a signal that is meant for its program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Nothing: whoever sends one sends it to the whole group.
    Guard,
    /// It passes signals on to the program, and to nobody else.
    PassOn,
}

/// Runs the program, and ends as it ends. Must be the leader of a group of its own, started by the
/// supervisor whose id is given, from a thread that lives as long as that does.
pub fn warden(supervisor: i32, words: &[OsString], duty: Duty) -> ExitCode {
    match guarded(supervisor, words, duty) {
        Ok(status) => end_like(status),
        Err(error) => cannot_begin(words, &error),
    }
}

/// Becomes the program, which ends when the supervisor is gone. It stays in the group of who started
/// it, as a program has to that speaks with a terminal; its own children may outlive it.
pub fn tether(supervisor: i32, words: &[OsString]) -> ExitCode {
    let error = match tied(supervisor).and_then(|()| command(words)) {
        Ok(mut command) => command.exec(),
        Err(error) => error,
    };
    cannot_begin(words, &error)
}

fn tied(supervisor: i32) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have died before the kernel was asked.
    if is_gone(supervisor) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
}

fn guarded(supervisor: i32, words: &[OsString], duty: Duty) -> io::Result<ExitStatus> {
    // Caught before there is a program that they could be meant for.
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2])?;
    let watched = watched(supervisor)?;
    let mut child = command(words)?.spawn()?;
    // A descriptor means this very child, also after it has ended.
    let program = pid(&child).map(|pid| pidfd_open(pid, PidfdFlags::empty())).transpose()?;
    std::thread::spawn(move || end_with(&watched));
    std::thread::spawn(move || {
        for number in signals.forever() {
            let known = Signal::from_named_raw(number).filter(|_| duty == Duty::PassOn);
            if let (Some(program), Some(signal)) = (&program, known) {
                // One that has just ended has nobody left to hear it.
                let _ = pidfd_send_signal(program, signal);
            }
        }
    });
    child.wait()
}

/// What tells that the supervisor is gone, with all of its threads.
fn watched(supervisor: i32) -> io::Result<OwnedFd> {
    let id = Pid::from_raw(supervisor).ok_or(io::ErrorKind::InvalidInput)?;
    let watched = pidfd_open(id, PidfdFlags::empty());
    // Asked afterwards: while it is the parent, its number is nobody else's.
    if is_gone(supervisor) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(watched?) }
}

/// Ends the whole group, with this process in it, once the supervisor is gone; or cannot be watched,
/// which is no better.
fn end_with(supervisor: &OwnedFd) {
    let mut gone = [PollFd::new(supervisor, PollFlags::IN)];
    while poll(&mut gone, None) == Err(Errno::INTR) {}
    let _ = kill_process_group(getpid(), Signal::KILL);
}

#[expect(clippy::disallowed_methods, reason = "the one program of a warden, which waits for it")]
fn command(words: &[OsString]) -> io::Result<Command> {
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

fn is_gone(supervisor: i32) -> bool {
    getppid().map(Pid::as_raw_pid) != Some(supervisor)
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

fn cannot_begin(words: &[OsString], error: &io::Error) -> ExitCode {
    use io::Write as _;
    let name = words.first().map(|word| word.to_string_lossy().into_owned());
    // Where nobody can be told, the exit code must do.
    let name = name.unwrap_or_default();
    let _ = writeln!(io::stderr().lock(), "`{name}` cannot be started: {error}");
    ExitCode::from(CANNOT_BEGIN)
}
