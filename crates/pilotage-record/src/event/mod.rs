//! What became of a release: signed events that are added and never changed.
//!
//! Events about one release form chains, one for the release itself and one for each environment.
//! Each names those that its writer saw last, so one that was left out is a visible gap, and two
//! writers who did not see each other are a visible fork. The next event names both ends, which
//! joins them: whoever signs it has seen both.
//!
//! What the events add up to is a [fold](Standing) without choices: the same events in any order
//! give the same answer, and what speaks against a release wins over what was said beside it.
//!
//! A chain cannot show that its *last* events were taken away, for nothing names them. Whoever can
//! delete from the store can do that; keep it where deleting takes more rights than adding.

mod chain;
mod deed;
mod standing;

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use pilotage_artifact::Digest;
use serde::{Deserialize, Serialize};

pub use chain::{Chain, Damage, History, Proven};
pub use deed::{Counts, Deed, DeedKind, RuleName, ScanOutcome, TestVerdict};
pub use standing::{Approval, Glass, Grounds, InEnvironment, Scanned, Standing, Tested};

use crate::record::RecordId;
use crate::statement::predicate::Predicate;
use crate::text::{Actor, EnvironmentName, InvalidText, serde_as_text};
use crate::time::Time;

/// Something that was done with, or found out about, a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Which release.
    pub record: RecordId,
    /// To which chain it belongs.
    pub scope: Scope,
    /// The last events of the chain that the writer saw, in order; none for the first.
    pub after: Vec<Digest>,
    /// When.
    pub at: Time,
    /// Who did it. The policy says which key may speak for whom.
    pub by: Actor,
    /// The number of the lease under which it was done, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
    /// What.
    pub deed: Deed,
}

impl Predicate for Event {
    const TYPE: &'static str = "https://github.com/pilotage/pilotage/promotion/v1";
}

/// To which chain an event belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To that of the release itself, wherever it is.
    Release,
    /// To that of the release in this environment.
    In(EnvironmentName),
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release => f.write_str("release"),
            Self::In(environment) => environment.fmt(f),
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "release" { Ok(Self::Release) } else { text.parse().map(Self::In) }
    }
}

serde_as_text!(Scope);
