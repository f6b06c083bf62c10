//! From a request and the live state to a plan that can be printed, hashed, stored and refused.
//!
//! Planning is pure and writes nothing; the executor makes no choices of its own. A plan carries
//! a fingerprint of the state that it was made from and expires, so that a stale one is refused
//! rather than applied late.

mod fingerprint;
mod limits;
mod planner;
mod refusal;
mod render;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

use pilotage_artifact::{Digest, Release, ReleaseId};
use serde::{Deserialize, Serialize};

use crate::gate::HealthRule;
use crate::target::{Fencing, MigrationId};
use crate::{Moment, Ramp};

pub use limits::{InvalidLimits, Limits};
pub use planner::{Planned, Request, plan};
pub use refusal::Refusal;

pub(crate) use fingerprint::fingerprint;

/// The version of the plan's form; a newer one is refused by an older binary.
pub const SCHEMA: u32 = 1;

/// Everything that a run will do, decided beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan {
    /// The version of this form.
    pub schema: u32,
    /// Deploy or rollback.
    pub kind: Kind,
    /// The target that it was made for, by name.
    pub target: String,
    /// The very target that it was made for; one of the same name made later is another.
    pub incarnation: u64,
    /// What serves now; nothing on a first deploy.
    pub from: Option<Release>,
    /// What shall serve.
    pub to: Release,
    /// How many units make up the whole.
    pub size: u16,
    /// How the candidate takes over.
    pub ramp: Ramp,
    /// When units count as healthy.
    pub health: HealthRule,
    /// What must be applied before the candidate may serve.
    pub migration: Option<MigrationId>,
    /// What clean-up leaves alone; empty if there is no clean-up.
    pub keep: Vec<ReleaseId>,
    /// Deadlines and budgets.
    pub limits: Limits,
    /// What the target does with a stale write.
    pub fencing: Fencing,
    /// The live state that it was made from.
    pub fingerprint: Digest,
    /// When it was made.
    pub made_at: Moment,
    /// When it may no longer be started.
    pub expires_at: Moment,
    /// What the planner adapted, and why.
    pub notes: Vec<String>,
}

/// Why a run exists; it resumes as the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To bring out a release.
    Deploy,
    /// To bring back an earlier one.
    Rollback,
}

/// The hash of a plan: two plans with the same one do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(Digest);

impl Plan {
    /// The hash of everything in the plan.
    pub fn id(&self) -> PlanId {
        // Serialising plain data to memory cannot fail; were it to, the id would match no plan.
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        PlanId(Digest::of(&bytes))
    }

    /// The most units that will exist at any moment, going back included.
    pub fn ceiling(&self) -> u16 {
        let largest = self.ramp.steps().iter().map(|step| step.capacity.of(self.size)).max();
        self.size.saturating_add(largest.unwrap_or(self.size))
    }
}

impl Display for PlanId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.short())
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deploy => "deploy",
            Self::Rollback => "roll back to",
        })
    }
}
