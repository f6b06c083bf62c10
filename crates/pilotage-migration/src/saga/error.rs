//! How migrations fail.

use pilotage_lease::Course;
use pilotage_lease::client::{LeaseError, Loss};
use pilotage_rollout::ExitCode;

use super::database::Trouble;
use super::next::Refusal;
use super::script::ScriptName;

/// Migrations were not applied, or not all of them. What is applied is in the ledger; the next run
/// goes on from there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failed {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] Trouble),
    /// The migrations do not fit what is applied.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The lease was lost; what was under way was stopped.
    #[error("the lease was lost ({loss}): what was under way was stopped")]
    LeaseLost {
        /// How.
        loss: Box<Loss>,
    },
    /// The session with the lock of the database was lost; the program was stopped.
    #[error("the session lock was lost ({trouble}): `{command}` was stopped")]
    LockLost {
        /// The program's words, as a person would type them.
        command: String,
        /// How.
        trouble: Box<Trouble>,
    },
    /// Another session has had the lock of the database for too long.
    #[error("another session holds the lock of this database: {who}")]
    Locked {
        /// Whose it is.
        who: String,
    },
    /// A leap failed; nothing of it is applied.
    #[error("`{script}` failed at step {leap} of {of}: {reason}")]
    Leap {
        /// Which migration.
        script: ScriptName,
        /// Which of its leaps, counted from one.
        leap: u32,
        /// Of how many.
        of: u32,
        /// The database's or the program's own words.
        reason: String,
    },
    /// A program that keeps its own history failed.
    #[error("`{command}` {reason}")]
    Program {
        /// Its words, as a person would type them.
        command: String,
        /// How it ended, and its last words.
        reason: String,
    },
    /// Nobody can tell what became of a leap.
    #[error(
        "nobody can tell whether step {leap} of `{script}` is applied: {reason}; look into the \
         database, then say so with `repair`"
    )]
    Doubtful {
        /// Which migration.
        script: ScriptName,
        /// Which of its leaps, counted from one.
        leap: u32,
        /// What is known.
        reason: String,
    },
    /// What was asked for needs a program and none is given, or the ledger does not move.
    #[error("{0}")]
    Impossible(String),
}

impl Failed {
    /// What stands for it where only a number can: whether it is known what is applied, and who
    /// has to do something about it.
    pub const fn code(&self) -> ExitCode {
        match self {
            Self::Database(Trouble::Away { .. }) | Self::LeaseLost { .. } => ExitCode::Unknown,
            Self::Database(Trouble::Fenced { .. }) | Self::Locked { .. } => ExitCode::Busy,
            Self::Database(Trouble::Unfit { .. }) | Self::Refused(_) => ExitCode::Refused,
            Self::Database(Trouble::Refused { .. }) | Self::Impossible(_) => ExitCode::Usage,
            Self::Leap { .. } | Self::Program { .. } => ExitCode::Reverted,
            Self::Doubtful { .. } => ExitCode::Paused,
            Self::LockLost { trouble, .. } => match **trouble {
                Trouble::Fenced { .. } => ExitCode::Busy,
                _ => ExitCode::Unknown,
            },
        }
    }
}

/// What stands for a lease that cannot be used before anything was begun.
pub(super) const fn code_of(error: &LeaseError) -> ExitCode {
    match error.course() {
        Course::Stays => ExitCode::Usage,
        Course::Passes => ExitCode::Unknown,
    }
}
