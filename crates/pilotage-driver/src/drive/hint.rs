//! What a person can do about an error, as data.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::journal::RunId;
use serde::Serialize;

/// What a person, or a program, can do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "hint", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hint {
    /// Go on with the run.
    Resume {
        /// Which.
        run: RunId,
    },
    /// See which runs there are.
    History,
    /// See who owns the target and what is live.
    Status,
    /// Plan again.
    Plan,
    /// Make room where the journal is kept.
    FreeSpace {
        /// Where.
        place: String,
    },
    /// Use another version of this program.
    UseVersion {
        /// At least this one.
        version: String,
    },
    /// Put an undamaged copy of the journal in its place.
    RestoreJournal {
        /// Of which run.
        run: RunId,
    },
    /// Tell the developers: this should not be possible.
    Report,
}

impl Display for Hint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resume { run } => write!(f, "go on with `resume {run}`"),
            Self::History => f.write_str("see the runs with `history`"),
            Self::Status => f.write_str("see who owns the target and what is live with `status`"),
            Self::Plan => f.write_str("plan again with `plan`"),
            Self::FreeSpace { place } => write!(f, "free some space in {place}"),
            Self::UseVersion { version } => write!(f, "use version {version} or a newer one"),
            Self::RestoreJournal { run } => {
                write!(f, "restore the journal of run `{run}` from a copy")
            }
            Self::Report => f.write_str("report this as a bug, with the journal"),
        }
    }
}
