//! A program that applies migrations in its own way, as a role.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::Fence;

/// Any migrator that is a program: flyway, prisma, alembic, sqlx, or a script.
///
/// # Contract
///
/// - **It runs in a process group of its own**, and dropping [`run`](Self::run) ends the whole
///   group: first asked, then made. [`settled`](Self::settled) waits for that.
/// - **Its end is told exactly**: a program that was ended by a signal has not failed by itself.
/// - **It may be started again** after it was ended half-way: it keeps its own history.
#[async_trait]
pub trait Program: Debug + Send + Sync {
    /// Its words, as a person would type them.
    fn command(&self) -> String;

    /// Runs it to its end; it finds the fence in its environment.
    async fn run(&self, fence: Fence) -> Ended;

    /// Waits until nothing runs any more of what was started, after [`run`](Self::run) was dropped.
    async fn settled(&self);
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub how: End,
    /// Its last words, already free of secrets.
    pub tail: String,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// By signal 9, where the kernel does not tell whether it wanted memory.
    Killed,
    /// The kernel has killed it, or something that it ran, for want of memory.
    OutOfMemory {
        /// With which exit code it then ended, if it was not the one that was killed.
        code: Option<i32>,
    },
    /// It was told to stop, and did.
    Stopped,
    /// It never began.
    NotStarted,
}

/// What the kernel has counted.
const SHORT: &str = "it needed more memory than it may have (the kernel says so): give it more";

impl Ended {
    /// Why it failed, in words; nothing if it did not.
    pub fn failure(&self) -> Option<String> {
        let how = match self.how {
            End::Exited(0) => return None,
            End::Exited(code) => format!("exited with code {code}"),
            End::Signalled(9) => {
                "was killed by signal 9, and not for want of memory, as far as the kernel counts"
                    .into()
            }
            End::Killed => {
                "was killed by signal 9, probably because it needed more memory than it may have; \
                 here the kernel does not tell"
                    .into()
            }
            End::OutOfMemory { code: None } => format!("was killed by signal 9: {SHORT}"),
            End::OutOfMemory { code: Some(code) } => {
                format!("exited with code {code} after a part of it was killed: {SHORT}")
            }
            End::Stopped => "was stopped on request".into(),
            End::Signalled(signal) => format!("was ended by signal {signal}"),
            End::NotStarted => "could not be started".into(),
        };
        let tail = self.tail.trim_end();
        Some(if tail.is_empty() { how } else { format!("{how}: {tail}") })
    }
}
