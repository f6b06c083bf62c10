//! One-off tasks of Amazon ECS: a command, a job, a migration that runs once and ends.
//!
//! It is a crate of its own, below the target, because whoever runs a task (a migrator above all) has
//! no use for a service that is rolled, and the target tells how tasks ended in the same words.
//!
//! - **One task for a name.** A task carries the name of its run; it is looked for before it is started
//!   and after every answer that was lost, and a second request has the same client token. So a second
//!   process, or a server that ignores the token, attaches to the first task. See [`mod@start`].
//! - **An absent exit code is not zero**, codes belong to containers by their *names*, and a task that
//!   somebody stopped has not succeeded, whatever its codes say; see [`mod@ending`].
//! - **Nothing waits for a task to run**: one that is faster than a look has ended, and that is all.
//! - **A task that does not show yet is waited for**, by the time of this process alone; no clock of
//!   another machine is compared with it.
//! - **Its words are read to their end** after it has stopped, masked, and bounded in memory; what cannot
//!   be read is said once and changes no verdict; see [`mod@listen`].
//! - **Who is told to stop stops the task**, and waits for what becomes of it.
//!
//! It deliberately has no schedule, no queue and no second attempt: whether a job may run again is known
//! to whoever wrote it.

pub mod content;
pub mod ending;
pub mod images;
pub mod listen;
mod name;
mod order;
mod overrides;
mod pace;
pub mod quote;
pub mod recipe;
mod run;
#[cfg(feature = "migration")]
mod runner;
pub mod start;
mod told;
pub mod watch;
pub mod words;

pub use ending::{Ended, Ending};
pub use name::{InvalidRunName, RunName};
pub use order::{Order, OrderError};
pub use overrides::{ContainerOverride, Overrides};
pub use recipe::Recipe;
pub use run::{Limits, Outcome};
#[cfg(feature = "migration")]
pub use runner::{Berth, EcsRunner};
pub use start::{StartError, Started};
pub use told::{Told, Watcher, Why};

use std::sync::Arc;

use pilotage_aws::ecs::Ecs;
use pilotage_aws::logs::Logs;
use pilotage_clock::Clock;
use pilotage_redact::Veil;

/// Who runs tasks: the control plane, the logs, and what must not be seen in them.
#[derive(Debug, Clone)]
pub struct Tasks {
    pub(crate) ecs: Ecs,
    pub(crate) logs: Logs,
    pub(crate) veil: Veil,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Tasks {
    /// Tasks of one region. Nothing is asked yet.
    pub fn new(ecs: &Ecs, logs: &Logs, veil: &Veil, clock: Arc<dyn Clock>) -> Self {
        Self { ecs: ecs.clone(), logs: logs.clone(), veil: veil.clone(), clock }
    }
}
