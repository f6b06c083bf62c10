//! A person's word that nobody may take the lease.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::Moment;
use serde::{Deserialize, Serialize};

/// A person's word that nobody may take the lease until that person, or whoever names them,
/// takes the word back. It does not end an ownership that exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Whose word it is.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when, by that person's wall clock; shown and never counted upon.
    pub since: Moment,
}

impl Display for Hold {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} holds it: {}", self.by, self.reason)
    }
}
