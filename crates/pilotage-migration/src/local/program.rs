//! Any migrator as a process of this machine.

use core::fmt::{self, Debug, Formatter};
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_redact::Veil;
use pilotage_rollout::{Fence, Span};
use tokio::sync::watch;

use super::files;
use super::group::{Group, GroupHandle, Pipes};
use super::listen::{Ear, Echo};
use super::memory::MemoryKills;
use super::tail::Tail;
use crate::saga::program::{End, Ended, Program};

/// In which variable the program finds the fence.
const FENCE: &str = "PILOTAGE_FENCE";

/// How long a program that was asked to end has for it.
const GRACE: Span = Span::from_secs(3);

/// How long to wait for words after the end: a descendant elsewhere may keep the pipe for ever.
const WORDS: Span = Span::from_secs(1);

/// A command, run as a group of its own under a warden, with nothing to read.
pub struct LocalProgram {
    words: Vec<OsString>,
    warden: Vec<OsString>,
    folder: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    veil: Veil,
    echo: Echo,
    stop: watch::Sender<bool>,
    group: Mutex<Option<GroupHandle>>,
}

impl LocalProgram {
    /// This command. The warden is the program, with its first arguments, that calls
    /// [`warden`](pilotage_child::warden) with the number of the worker and the words that follow.
    pub fn new(words: Vec<OsString>, warden: Vec<OsString>, clock: Arc<dyn Clock>) -> Self {
        let (veil, echo): (_, Echo) = (Veil::default(), Arc::new(|_: &str| ()));
        let (stop, group) = (watch::Sender::new(false), Mutex::new(None));
        Self { words, warden, folder: None, clock, veil, echo, stop, group }
    }

    /// Begins in this folder.
    pub fn in_folder(self, folder: PathBuf) -> Self {
        Self { folder: Some(folder), ..self }
    }

    /// Covers these secrets in all that it says.
    pub fn veiled(self, veil: Veil) -> Self {
        Self { veil, ..self }
    }

    /// Passes on each line that it says.
    pub fn heard_by(self, echo: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { echo: Arc::new(echo), ..self }
    }

    /// Has it end: asked first, then made. Whoever runs it is told that it was stopped; one that is
    /// not running does not begin any more.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Has it end at once.
    pub fn kill(&self) {
        self.stop();
        if let Some(group) = &*self.group() {
            group.signal(rustix::process::Signal::KILL);
        }
    }

    fn command_line(&self, fence: Fence) -> Option<Command> {
        let (first, rest) = self.warden.split_first()?;
        let mut command = files::command(first);
        command.args(rest).arg(std::process::id().to_string()).arg("--").args(&self.words);
        command.env(FENCE, fence.0.to_string());
        // What connects by the library of PostgreSQL can be recognised, and ended, by its fence.
        command.env("PGAPPNAME", format!("pilotage {fence} migration"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        Some(command)
    }

    async fn watch(&self, group: &Group, pipes: Pipes, ear: &Ear) -> Option<ExitStatus> {
        let (handle, clock) = (group.handle(), &*self.clock);
        let mut stop = self.stop.subscribe();
        let words =
            async { tokio::join!(ear.listen(pipes.out, clock), ear.listen(pipes.err, clock)) };
        let stopping = async {
            // The sender lives as long as this does.
            if stop.wait_for(|stop| *stop).await.is_ok() {
                handle.stop(&*self.clock, GRACE).await;
            }
        };
        tokio::pin!(words, stopping);
        let (mut all_said, mut is_stopped) = (false, false);
        let status = loop {
            tokio::select! {
                biased;
                _ = &mut words, if !all_said => all_said = true,
                status = handle.ended() => break status,
                () = &mut stopping, if !is_stopped => is_stopped = true,
            }
        };
        if !all_said {
            tokio::select! {
                _ = &mut words => {}
                () = self.clock.sleep(WORDS) => {}
            }
        }
        status
    }

    fn how(&self, status: Option<ExitStatus>, before: MemoryKills) -> End {
        let Some(status) = status else { return End::Killed };
        if *self.stop.borrow() && status.code() != Some(0) {
            return End::Stopped;
        }
        match (status.code(), status.signal(), before.any_since()) {
            (Some(0), ..) => End::Exited(0),
            (None, Some(9), None) => End::Killed,
            (code, None | Some(9), Some(true)) => End::OutOfMemory { code },
            (Some(code), ..) => End::Exited(code),
            (None, signal, _) => End::Signalled(signal.unwrap_or(9)),
        }
    }

    fn group(&self) -> MutexGuard<'_, Option<GroupHandle>> {
        self.group.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Program for LocalProgram {
    fn command(&self) -> String {
        let words = self.words.iter().map(|word| word.to_string_lossy());
        self.veil.cover(&words.collect::<Vec<_>>().join(" "))
    }

    async fn run(&self, fence: Fence) -> Ended {
        let not_started = |tail: String| Ended { how: End::NotStarted, tail };
        if *self.stop.borrow() {
            return Ended { how: End::Stopped, tail: String::new() };
        }
        let Some(command) = self.command_line(fence) else {
            return not_started("there is no command".into());
        };
        let before = MemoryKills::now();
        let (group, pipes) = match Group::start(command).await {
            Ok(started) => started,
            Err(error) => return not_started(error.to_string()),
        };
        *self.group() = Some(group.handle().clone());
        let tail = Arc::new(Mutex::new(Tail::default()));
        let (redactor, echo) = (self.veil.redactor(), Arc::clone(&self.echo));
        let ear = Ear { redactor, tail: Arc::clone(&tail), echo };
        let status = self.watch(&group, pipes, &ear).await;
        let tail = tail.lock().unwrap_or_else(PoisonError::into_inner).text();
        Ended { how: self.how(status, before), tail }
    }

    async fn settled(&self) {
        let group = self.group().clone();
        if let Some(group) = group {
            group.stop(&*self.clock, GRACE).await;
        }
    }
}

impl Debug for LocalProgram {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalProgram").field("command", &self.command()).finish_non_exhaustive()
    }
}
