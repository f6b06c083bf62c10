//! A running process: one that was started here, or one that was found again.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::process::Child;

use crate::os;
use crate::runtime::{Exit, UnitSpec};

use super::identity::{Identity, LAUNCH_VARIABLE};
use super::log::Log;

/// A process that has not been seen to end.
#[derive(Debug)]
pub(super) struct Handle {
    identity: Identity,
    group: Pid,
    /// Becomes readable when the process ends; unlike an id it never means another process.
    descriptor: AsyncFd<OwnedFd>,
    /// Present if the process was started here, so that its status can be read.
    child: Option<Child>,
}

impl Handle {
    /// Starts the program of a unit as the leader of its own group.
    pub(super) fn start(spec: &UnitSpec, log: &Log, mark: &str) -> io::Result<Self> {
        let artifact = &spec.artifact;
        let output = log.writer()?;
        let child = os::command(&artifact.program)
            .args(&artifact.args)
            .env_clear()
            .envs(artifact.env.iter())
            .env(&artifact.port_variable, spec.port.to_string())
            .env("PILOTAGE_RELEASE", spec.release.as_str())
            .env("PILOTAGE_UNIT", spec.name.as_str())
            .env(LAUNCH_VARIABLE, mark)
            .current_dir(&artifact.working_dir)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()?;
        let pid = child.id().ok_or_else(gone)?;
        // The child cannot be reaped before it is waited for, so its id is still its own even if
        // it has ended already.
        let identity = Identity::of(pid).ok_or_else(gone)?;
        Self::new(identity, Some(child))
    }

    /// Finds a recorded process again; `None` if it does not run any more.
    pub(super) fn find(identity: Identity) -> Option<Self> {
        let handle = Self::new(identity, None).ok()?;
        // Looked at after the descriptor was opened: now the descriptor is this very process.
        handle.identity.is_alive().then_some(handle)
    }

    fn new(identity: Identity, child: Option<Child>) -> io::Result<Self> {
        let raw = i32::try_from(identity.pid).map_err(io::Error::other)?;
        let group = Pid::from_raw(raw).ok_or_else(gone)?;
        let descriptor = watch(pidfd_open(group, PidfdFlags::empty())?)?;
        Ok(Self { identity, group, descriptor, child })
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Sends a signal to the whole group of the process.
    pub(super) fn signal(&self, signal: Signal) {
        // A group that is gone has nobody left to hear the signal.
        let _ = kill_process_group(self.group, signal);
    }

    /// Waits for the process to end, and ends what it has left behind in its group.
    ///
    /// May be cancelled and called again.
    pub(super) async fn ended(&mut self) -> Exit {
        let seen = self.descriptor.readable().await.is_ok();
        let Some(child) = self.child.as_mut().filter(|_| seen) else {
            self.end_orphaned_group();
            return Exit::Unseen;
        };
        // Not reaped yet, so the number of the group cannot belong to strangers.
        let _ = kill_process_group(self.group, Signal::KILL);
        child.wait().await.map_or(Exit::Unseen, exit_of)
    }

    /// The leader may have been reaped by another parent, and its id given away since.
    fn end_orphaned_group(&self) {
        let given_away = Identity::of(self.identity.pid).is_some_and(|now| now != self.identity);
        if !given_away {
            self.signal(Signal::KILL);
        }
    }
}

#[expect(
    deprecated,
    reason = "unsound only for types that may change their descriptor, which an owned one cannot; \
              the replacement is unsafe, and this workspace forbids unsafe code"
)]
fn watch(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(descriptor, Interest::READABLE)
}

fn exit_of(status: ExitStatus) -> Exit {
    status.code().map(Exit::Code).or(status.signal().map(Exit::Signal)).unwrap_or(Exit::Unseen)
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the process ended before it could be looked at")
}
