//! What a runtime reports about a unit.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use super::UnitSpec;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// While nobody could see it: the supervisor was not its parent.
    Unseen,
}

impl Display for Exit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exited with code {code}"),
            Self::Signal(signal) => write!(f, "was ended by signal {signal}"),
            Self::Unseen => f.write_str("ended while its supervisor was away"),
        }
    }
}

/// Where a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum UnitState {
    /// There is a process.
    Running {
        /// Its id.
        pid: u32,
    },
    /// The process ended unasked and will be started again after a pause.
    Restarting {
        /// How it ended.
        exit: Exit,
    },
    /// The process ended unasked too often in a row.
    Failed {
        /// How it ended last.
        exit: Exit,
    },
    /// The unit was asked to stop, and did.
    Stopped {
        /// How its process ended; `None` if there was none at that moment.
        exit: Option<Exit>,
    },
}

impl UnitState {
    /// Whether there is, or will by itself be, a process.
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Running { .. } | Self::Restarting { .. })
    }
}

/// A unit as its runtime knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitStatus {
    /// What was started.
    pub spec: UnitSpec,
    /// Where it stands.
    pub state: UnitState,
    /// How often it was started again, in all.
    pub restarts: u32,
}
