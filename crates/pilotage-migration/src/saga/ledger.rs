//! What the migrated database itself says of its migrations.

use pilotage_artifact::Digest;
use pilotage_rollout::Fence;
use serde::{Deserialize, Serialize};

use super::script::{Script, ScriptName};

/// One line of the ledger: how far one migration is applied. There is one for each migration that
/// was ever begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Which migration.
    pub script: ScriptName,
    /// Of what was applied.
    pub checksum: Digest,
    /// How many of its leaps are applied for certain.
    pub done: u32,
    /// How many it has.
    pub of: u32,
    /// What is known of the next.
    pub state: State,
    /// Under which fence this was written.
    pub fence: Fence,
}

/// What is known of the leap after those that are applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    /// It was not begun.
    Resting,
    /// It was begun; what became of it is not written down.
    Leaping,
    /// It failed, and nothing of it is applied.
    Failed {
        /// The database's or the program's own words.
        reason: String,
    },
}

impl Entry {
    /// The line of a migration of which nothing is applied.
    pub fn blank(script: &Script, fence: Fence) -> Self {
        let of = u32::try_from(script.leaps.len()).unwrap_or(u32::MAX);
        let (name, checksum) = (script.name.clone(), script.checksum);
        Self { script: name, checksum, done: 0, of, state: State::Resting, fence }
    }

    /// Whether all of it is applied.
    pub fn is_done(&self) -> bool {
        self.done == self.of && self.state == State::Resting
    }

    /// Whether nothing of it is applied, for certain.
    pub fn is_untouched(&self) -> bool {
        self.done == 0 && self.state != State::Leaping
    }

    /// The line after one more leap.
    pub fn leapt(&self) -> Self {
        Self { done: self.done + 1, state: State::Resting, ..self.clone() }
    }

    /// The line with another state.
    pub fn with(&self, state: State) -> Self {
        Self { state, ..self.clone() }
    }
}
