//! Workers on this machine.

use std::ffi::OsString;
use std::fs::TryLockError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_lease::OwnerId;
use pilotage_rollout::Span;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::desk::{alive_file, exit_file, log_file, pid_file};
use super::files;
use crate::saga::runner::{Assignment, Heard, Life, NotStarted, Runner, Words};

/// By these, CI systems find what a job has left behind, and end it.
const MARKS_OF_JOBS: [&str; 4] =
    ["RUNNER_TRACKING_ID", "VSTS_PROCESS_LOOKUP_ID", "BUILD_ID", "JENKINS_SERVER_COOKIE"];

/// How much of a log is read at once, and how much of its end is shown.
const MOST_WORDS: u64 = 64 << 10;
const TAIL: u64 = 4 << 10;

/// How many workers are remembered after their end.
const REMEMBERED: usize = 20;

/// How long a worker that was asked to end has for it.
const GRACE: Span = Span::from_secs(10);
const POLL: Span = Span::from_millis(50);

/// Starts workers as processes of this machine that outlive whoever has started them. Each has a
/// folder of its own, which is made once for an attempt.
#[derive(Debug)]
pub struct LocalRunner {
    folder: PathBuf,
    worker: Vec<OsString>,
    rest: Vec<OsString>,
    clock: Arc<dyn Clock>,
}

impl LocalRunner {
    /// Workers of one lease, whose folders are in this one. The worker is the program, with its
    /// first arguments, that takes `--ticket`, `--set` and `--desk`, and then the rest.
    pub fn new(
        folder: PathBuf,
        worker: Vec<OsString>,
        rest: Vec<OsString>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { folder, worker, rest, clock }
    }

    fn desk(&self, attempt: OwnerId) -> PathBuf {
        self.folder.join(attempt.to_string())
    }

    fn launch(&self, assignment: &Assignment) -> io::Result<()> {
        self.forget_the_oldest();
        let desk = self.desk(assignment.ticket.owner);
        files::make_folder(&desk)?;
        let alive = match files::create_new(&alive_file(&desk)) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
            alive => alive?,
        };
        // Whoever looks holds its lock for a moment only.
        alive.lock()?;
        let log = files::create_new(&log_file(&desk))?;
        let (program, rest) = self.worker.split_first().ok_or(ErrorKind::InvalidInput)?;
        let mut command = files::command(program);
        command.args(rest);
        command.arg("--ticket").arg(assignment.ticket.to_string());
        command.arg("--set").arg(assignment.set.to_string());
        command.arg("--desk").arg(&desk).args(&self.rest);
        for mark in MARKS_OF_JOBS {
            command.env_remove(mark);
        }
        // The lock goes with the worker; whoever reads there finds the end of an empty file.
        command.stdin(alive).stdout(log.try_clone()?).stderr(log);
        command.spawn().map(drop)
    }

    /// A folder that cannot be taken away is in nobody's way.
    fn forget_the_oldest(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let ended = |desk: PathBuf| {
            let since = exit_file(&desk).metadata().and_then(|it| it.modified()).ok()?;
            Some((since, desk))
        };
        let mut ended: Vec<_> = entries.flatten().filter_map(|entry| ended(entry.path())).collect();
        ended.sort();
        let surplus = ended.len().saturating_sub(REMEMBERED);
        ended.iter().take(surplus).for_each(|(_, desk)| drop(files::remove_folder(desk)));
    }
}

#[async_trait]
impl Runner for LocalRunner {
    fn place(&self) -> String {
        "this machine".into()
    }

    async fn start(&self, assignment: &Assignment) -> Result<(), NotStarted> {
        self.launch(assignment).map_err(|source| {
            let (place, reason) = (self.place(), source.to_string());
            NotStarted { place, reason, source: Some(source.into()) }
        })
    }

    async fn look(&self, attempt: OwnerId) -> Life {
        let desk = self.desk(attempt);
        match lives(&desk) {
            Ok(true) => Life::Running,
            Ok(false) => Life::Ended { code: exit_code(&desk), tail: tail(&desk) },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Life::Unseen { reason: "this machine has no worker of that name".into() }
            }
            Err(error) => Life::Unseen { reason: error.to_string() },
        }
    }

    async fn words(&self, attempt: OwnerId, since: Heard) -> Words {
        let log = log_file(&self.desk(attempt));
        let bytes = files::read_from(&log, since.0, MOST_WORDS).unwrap_or_default();
        whole_lines(&bytes, since)
    }

    async fn stop(&self, attempt: OwnerId) -> Life {
        for signal in [Signal::TERM, Signal::KILL] {
            ask(&self.desk(attempt), signal);
            let begun = self.clock.elapsed();
            while self.clock.elapsed().as_millis() - begun.as_millis() < GRACE.as_millis() {
                match self.look(attempt).await {
                    Life::Running => self.clock.sleep(POLL).await,
                    ended => return ended,
                }
            }
        }
        self.look(attempt).await
    }

    fn pace(&self) -> Span {
        Span::from_millis(200)
    }
}

/// Whether somebody has the lock that a worker inherits.
fn lives(desk: &Path) -> io::Result<bool> {
    match files::open(&alive_file(desk))?.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn exit_code(desk: &Path) -> Option<i32> {
    let text = files::read_from(&exit_file(desk), 0, 16).ok()?;
    String::from_utf8(text).ok()?.trim().parse().ok()
}

fn tail(desk: &Path) -> String {
    let bytes = files::read_end(&log_file(desk), TAIL).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends a signal to the worker, and to nobody else.
fn ask(desk: &Path, signal: Signal) {
    let text = files::read_from(&pid_file(desk), 0, 16).unwrap_or_default();
    let number = String::from_utf8_lossy(&text).trim().parse().ok();
    let Some(pid) = number.and_then(Pid::from_raw) else { return };
    let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else { return };
    // Looked at after the descriptor was opened: now the descriptor is the worker.
    if lives(desk).unwrap_or(false) {
        let _ = pidfd_send_signal(process, signal);
    }
}

/// A line that is not ended yet is heard the next time; one that is too long is told in pieces.
fn whole_lines(bytes: &[u8], since: Heard) -> Words {
    let is_full = bytes.len() as u64 == MOST_WORDS;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
    let length = end.unwrap_or(if is_full { bytes.len() } else { 0 });
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default());
    let lines = text.lines().map(str::to_owned).collect();
    Words { lines, heard: Heard(since.0 + length as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_heard_and_each_of_them_once() {
        let words = whole_lines(b"one\ntwo\nthr", Heard(10));
        assert_eq!((words.lines, words.heard), (vec!["one".into(), "two".into()], Heard(18)));
        let words = whole_lines(b"thr", Heard(18));
        assert_eq!((words.lines, words.heard), (vec![], Heard(18)));
        let endless = vec![b'x'; usize::try_from(MOST_WORDS).unwrap()];
        let words = whole_lines(&endless, Heard(0));
        assert_eq!((words.lines.len(), words.heard), (1, Heard(MOST_WORDS)));
    }
}
