//! What is told while migrations run.

use core::fmt::{self, Display, Formatter};

use super::script::ScriptName;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Another session has the lock of this database.
    Waiting {
        /// Whose it is.
        who: String,
    },
    /// A leap begins.
    Leaping {
        /// Of which migration.
        script: ScriptName,
        /// Which one, counted from one.
        leap: u32,
        /// Of how many.
        of: u32,
    },
    /// Others kept their locks for too long; it is tried again.
    Again {
        /// Of which migration.
        script: ScriptName,
        /// The server's words.
        reason: String,
    },
    /// A leap that somebody else began was found to be applied, or not.
    Found {
        /// Of which migration.
        script: ScriptName,
        /// Whether it is applied.
        applied: bool,
    },
    /// A program begins.
    Started {
        /// Its words, as a person would type them.
        command: String,
    },
    /// A migration is applied.
    Applied {
        /// Which.
        script: ScriptName,
    },
}

impl Display for Told {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { who } => write!(f, "waiting for the session lock of {who}"),
            Self::Leaping { script, leap, of } => write!(f, "`{script}`: step {leap} of {of}"),
            Self::Again { script, reason } => write!(f, "`{script}`: trying again: {reason}"),
            Self::Found { script, applied: true } => {
                write!(f, "`{script}`: the step that was under way is applied")
            }
            Self::Found { script, applied: false } => {
                write!(f, "`{script}`: the step that was under way is not applied; beginning again")
            }
            Self::Started { command } => write!(f, "running `{command}`"),
            Self::Applied { script } => write!(f, "`{script}`: applied"),
        }
    }
}

/// Who wants to know.
pub type Listener<'a> = &'a mut (dyn FnMut(&Told) + Send);
