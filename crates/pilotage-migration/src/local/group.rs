//! A program with all that it starts, as one group that can be ended.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use pilotage_clock::Clock;
use pilotage_rollout::Span;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::sync::{oneshot, watch};

/// A group that was started. Dropping it asks the group to end.
#[derive(Debug)]
pub(super) struct Group {
    handle: GroupHandle,
}

/// What ends a group, also after whoever has started it is gone.
#[derive(Debug, Clone)]
pub(super) struct GroupHandle {
    /// None once the leader is reaped: its number may be a stranger's from then on.
    leader: Arc<Mutex<Option<Pid>>>,
    ended: watch::Receiver<Option<ExitStatus>>,
}

/// What the program says.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) out: Option<ChildStdout>,
    pub(super) err: Option<ChildStderr>,
}

impl Group {
    /// Starts the leader of a new group. It is started and waited for by one thread, because the
    /// kernel takes the death of the thread that has started a process for that of its parent.
    pub(super) async fn start(mut command: Command) -> io::Result<(Self, Pipes)> {
        let leader = Arc::new(Mutex::new(None));
        let (end, ended) = watch::channel(None);
        let (started, is_started) = oneshot::channel();
        let shared = Arc::clone(&leader);
        thread::Builder::new().name("warden".into()).spawn(move || {
            match command.process_group(0).spawn() {
                Ok(mut child) => {
                    *lock(&shared) = pid(&child);
                    let _ = started.send(Ok(pipes(&mut child)));
                    end.send_replace(Some(reaped(child, &shared)));
                }
                Err(error) => drop(started.send(Err(error))),
            }
        })?;
        let (out, err) = is_started.await.map_err(io::Error::other)??;
        let out = out.map(ChildStdout::from_std).transpose()?;
        let err = err.map(ChildStderr::from_std).transpose()?;
        Ok((Self { handle: GroupHandle { leader, ended } }, Pipes { out, err }))
    }

    pub(super) const fn handle(&self) -> &GroupHandle {
        &self.handle
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.handle.signal(Signal::TERM);
    }
}

type StdPipes = (Option<std::process::ChildStdout>, Option<std::process::ChildStderr>);

fn pipes(child: &mut Child) -> StdPipes {
    (child.stdout.take(), child.stderr.take())
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Waits for the leader, ends what it has left behind in its group, and only then lets its number
/// go.
fn reaped(mut child: Child, leader: &Mutex<Option<Pid>>) -> ExitStatus {
    if let Some(pid) = pid(&child) {
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        let _ = kill_process_group(pid, Signal::KILL);
    }
    *lock(leader) = None;
    // A child that cannot be waited for has been reaped by somebody else; nobody knows how.
    child.wait().unwrap_or_else(|_| ExitStatus::from_raw(Signal::KILL.as_raw()))
}

impl GroupHandle {
    /// Sends a signal to all of the group, if it is still there.
    pub(super) fn signal(&self, signal: Signal) {
        if let Some(leader) = *lock(&self.leader) {
            let _ = kill_process_group(leader, signal);
        }
    }

    /// Waits for the end of the leader.
    pub(super) async fn ended(&self) -> Option<ExitStatus> {
        let mut ended = self.ended.clone();
        let seen = ended.wait_for(Option::is_some).await;
        seen.ok().and_then(|status| *status)
    }

    /// Asks the group to end, and makes it end after the grace.
    pub(super) async fn stop(&self, clock: &dyn Clock, grace: Span) {
        self.signal(Signal::TERM);
        tokio::select! {
            _ = self.ended() => {}
            () = clock.sleep(grace) => {
                self.signal(Signal::KILL);
                self.ended().await;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // One call replaces the value; a panic elsewhere cannot have torn it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
