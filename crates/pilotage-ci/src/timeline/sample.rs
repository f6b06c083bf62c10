//! What was seen of both tracks at one moment.

use pilotage_artifact::Release;
use pilotage_rollout::target::{Group, Observation};
use pilotage_rollout::{Moment, Plan, Share};

/// Both tracks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Moment,
    /// The release that served before; all zero where there is none.
    pub stable: Side,
    /// The release that shall serve.
    pub candidate: Side,
}

/// One track at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// How many units there shall be.
    pub desired: u16,
    /// How many of them are ready.
    pub ready: u16,
    /// How often units were restarted.
    pub restarts: u32,
    /// The share of the traffic.
    pub share: Share,
}

impl Sample {
    pub(super) fn of(plan: &Plan, at: Moment, seen: &Observation) -> Self {
        let side = |release: &Release| seen.group(&release.id).map(Side::of).unwrap_or_default();
        let stable = plan.from.as_ref().map(side).unwrap_or_default();
        Self { at, stable, candidate: side(&plan.to) }
    }

    /// Whether the same was seen, whenever that was.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.stable == other.stable && self.candidate == other.candidate
    }
}

impl Side {
    fn of(group: &Group) -> Self {
        let Group { desired, ready, restarts, share, .. } = *group;
        Self { desired, ready, restarts, share }
    }
}
