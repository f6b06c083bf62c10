//! The role of a runtime: copies of one program, started, observed and stopped by name.
//!
//! A runtime knows processes (or containers), not traffic: whether a unit may get requests is
//! for the router, and whether it deserves them is for health and the judge.

mod spec;
mod status;

use async_trait::async_trait;

pub use spec::{
    Environment, HealthPath, Identity, InvalidSpec, LocalArtifact, RestartPolicy, StopPolicy,
    StopSignal, UnitName, UnitSpec,
};
pub use status::{Exit, UnitState, UnitStatus};

/// Runs the units of one machine.
///
/// Every method is idempotent by the name of the unit, so that a call with an unknown outcome may
/// be repeated. A unit outlives the runtime: when the supervisor itself is killed and opened
/// again, it finds its units and their histories again.
#[async_trait]
pub trait Runtime: std::fmt::Debug + Send + Sync {
    /// Starts a unit, unless it runs already. Returns as soon as there is a process: that the
    /// unit serves is for a health check to tell.
    ///
    /// A unit that was stopped or had failed is started anew. The same name with another
    /// specification is refused while it runs: units are replaced, never changed.
    async fn start(&self, spec: &UnitSpec) -> Result<UnitStatus, RuntimeError>;

    /// What is known of the unit; `None` if there is no such unit.
    async fn observe(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError>;

    /// Every unit that was started and not removed, by name.
    async fn list(&self) -> Result<Vec<UnitStatus>, RuntimeError>;

    /// The end of what the unit has written, at most this many bytes, beginning with a whole line.
    async fn tail(&self, name: &UnitName, bytes: usize) -> Result<String, RuntimeError>;

    /// Stops the unit: its stop signal, its grace, then an end that it cannot refuse. Returns
    /// once the process is gone; cancelling the call leaves the unit being stopped.
    ///
    /// `None` if there is no such unit. A stopped unit keeps its log until it is removed.
    async fn stop(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError>;

    /// Forgets a unit that does not run, with its log.
    async fn remove(&self, name: &UnitName) -> Result<(), RuntimeError>;
}

/// Why a runtime could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// The name belongs to a running unit of another specification.
    #[error(
        "unit `{name}` runs already with another specification: give the new unit another name, \
         or stop and remove the running one first"
    )]
    NameTaken {
        /// The name.
        name: UnitName,
    },
    /// The program is not what the artifact says.
    #[error(
        "the program {program} of unit `{name}` is {found}, but the artifact names {expected}: \
         it was changed after the artifact was made; make the artifact again"
    )]
    WrongDigest {
        /// The unit.
        name: UnitName,
        /// The path of the program.
        program: String,
        /// What the artifact says.
        expected: pilotage_artifact::Digest,
        /// What is there.
        found: pilotage_artifact::Digest,
    },
    /// The program could not be started at all.
    #[error("the program {program} of unit `{name}` cannot be started")]
    Start {
        /// The unit.
        name: UnitName,
        /// The path of the program.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The unit must not run for this.
    #[error("unit `{name}` is running: stop it before removing it")]
    Running {
        /// The unit.
        name: UnitName,
    },
    /// There is no such unit.
    #[error("there is no unit `{name}`")]
    Unknown {
        /// The name.
        name: UnitName,
    },
    /// Even the signal that cannot be refused did not end the process in time.
    #[error(
        "unit `{name}` (process {pid}) did not end after it was killed: it hangs in the kernel, \
         perhaps on a dead network file system"
    )]
    Unkillable {
        /// The unit.
        name: UnitName,
        /// The process.
        pid: u32,
    },
    /// Another supervisor looks after the same units.
    #[error("the units under {path} are supervised by another process: use that one, or end it")]
    Busy {
        /// The directory.
        path: String,
    },
    /// The runtime's own files could not be read or written.
    #[error("cannot {action} {path}")]
    State {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}
