//! The ledger: what this service shall be, and by whose word. Pure: orders in, next ledger out.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use pilotage_artifact::{Digest, ReleaseId};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, Fence, Order, Outcome, Rejection, Stamp};
use pilotage_rollout::{Share, Span};
use serde::{Deserialize, Serialize};

use crate::wire::ReleaseSpec;

use super::routes::Slots;

/// The number of the state file's format.
pub(super) const SCHEMA: u32 = 1;
/// The most units of one release, and the most releases; both far beyond one machine.
const MOST_UNITS: u16 = 256;
const MOST_RELEASES: usize = 1_000;

/// What this service shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    pub(super) schema: u32,
    pub(super) incarnation: u64,
    pub(super) address: SocketAddr,
    pub(super) fence: Fence,
    /// Who claimed the fence.
    owner: Option<RunId>,
    /// The last order that was accepted under the fence.
    last: Option<Accepted>,
    pub(super) berths: BTreeMap<ReleaseId, Berth>,
    pub(super) slots: Slots,
    /// The number of the next unit; a number is never used twice.
    pub(super) next_unit: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    stamp: Stamp,
    /// Tells a repeated order from another one that wrongly has its stamp.
    action: Digest,
}

/// A release that is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Berth {
    pub(super) spec: ReleaseSpec,
    pub(super) desired: u16,
    /// Whether it ever had units; one that is still waiting for its run is never pruned.
    pub(super) ran: bool,
}

/// What an order comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The ledger becomes this one.
    Change(Box<Ledger>),
    /// The ledger stays.
    Stay(Outcome),
}

impl Ledger {
    pub(super) fn new(address: SocketAddr, incarnation: u64) -> Self {
        Self {
            schema: SCHEMA,
            incarnation,
            address,
            fence: Fence::default(),
            owner: None,
            last: None,
            berths: BTreeMap::new(),
            slots: Slots::default(),
            next_unit: 1,
        }
    }

    /// How many units of the release there shall be.
    pub(super) fn desired(&self, release: &ReleaseId) -> u16 {
        self.berths.get(release).map_or(0, |berth| berth.desired)
    }

    /// The ledger with this release in it; the error says why it cannot be there.
    pub(super) fn register(&self, spec: ReleaseSpec) -> Result<Self, String> {
        let id = spec.release.id.clone();
        let digest = spec.artifact.digest().map_err(|error| error.to_string())?;
        if digest != spec.release.digest {
            return Err(format!(
                "release `{id}` has digest {}, but its artifact {}",
                spec.release.digest.short(),
                digest.short()
            ));
        }
        let is_other = |known: &ReleaseSpec| {
            (&known.release, known.protocol) != (&spec.release, spec.protocol)
        };
        if self.berths.get(&id).is_some_and(|berth| berth.ran && is_other(&berth.spec)) {
            return Err(format!(
                "release `{id}` ran here with other content: give the new content a name of its own"
            ));
        }
        if self.berths.len() >= MOST_RELEASES && !self.berths.contains_key(&id) {
            return Err(format!("{MOST_RELEASES} releases are known: prune some"));
        }
        let mut next = self.clone();
        let (desired, ran) = next.berths.get(&id).map_or((0, false), |b| (b.desired, b.ran));
        next.berths.insert(id, Berth { spec, desired, ran });
        Ok(next)
    }

    /// What this order comes to, given how many units of each release are ready.
    pub(super) fn decide(
        &self,
        run: &RunId,
        order: &Order,
        ready: &dyn Fn(&ReleaseId) -> u16,
    ) -> Decision {
        match self.check_stamp(order).and_then(|()| self.carry_out(run, order, ready)) {
            Ok(next) => Decision::Change(Box::new(next)),
            Err(outcome) => Decision::Stay(outcome),
        }
    }

    fn check_stamp(&self, order: &Order) -> Result<(), Outcome> {
        let Stamp { fence, number } = order.stamp;
        let current = self.fence;
        if fence < current {
            return Err(stale(current));
        }
        if fence > current {
            let unclaimed = format!("fence {fence} was not claimed; the fence is {current}");
            return if order.action == Action::Claim { Ok(()) } else { Err(refused(unclaimed)) };
        }
        match &self.last {
            Some(last) if number < last.stamp.number => Err(stale(current)),
            Some(last) if number == last.stamp.number => Err(self.repeated(last, order)),
            _ => Ok(()),
        }
    }

    fn repeated(&self, last: &Accepted, order: &Order) -> Outcome {
        if last.action == digest(&order.action) {
            return Outcome::Applied;
        }
        let number = order.stamp.number;
        refused(format!("order {number} under fence {} was another one", self.fence))
    }

    fn carry_out(
        &self,
        run: &RunId,
        order: &Order,
        ready: &dyn Fn(&ReleaseId) -> u16,
    ) -> Result<Self, Outcome> {
        let mut next = self.clone();
        match &order.action {
            Action::Claim => {
                next.fence = order.stamp.fence;
                next.owner = Some(run.clone());
            }
            Action::Capacity { release, units } => next.scale(release, *units)?,
            Action::Traffic { stable, candidate, share } => {
                next.shift(stable.as_ref(), candidate, *share, ready)?;
            }
            Action::Prune { keep } => next.prune(keep)?,
            Action::Migrate { .. } | Action::Roll { .. } | Action::Proceed { .. } => {
                return Err(refused(format!("this machine cannot {}", order.action)));
            }
        }
        next.last = Some(Accepted { stamp: order.stamp, action: digest(&order.action) });
        Ok(next)
    }

    fn scale(&mut self, release: &ReleaseId, units: u16) -> Result<(), Outcome> {
        let share = self.slots.share(release);
        if units == 0 && share > Share::NONE {
            return Err(refused(format!("`{release}` gets {share} of the traffic")));
        }
        if units > MOST_UNITS {
            return Err(refused(format!("{units} units are more than {MOST_UNITS}")));
        }
        match self.berths.get_mut(release) {
            Some(berth) => {
                berth.desired = units;
                berth.ran |= units > 0;
                Ok(())
            }
            None if units == 0 => Ok(()),
            None => Err(unknown(release)),
        }
    }

    fn shift(
        &mut self,
        stable: Option<&ReleaseId>,
        candidate: &ReleaseId,
        share: Share,
        ready: &dyn Fn(&ReleaseId) -> u16,
    ) -> Result<(), Outcome> {
        for release in stable.into_iter().chain([candidate]) {
            self.berths.get(release).ok_or_else(|| unknown(release))?;
        }
        if share > self.slots.share(candidate) && ready(candidate) == 0 {
            return Err(busy(format!("no unit of `{candidate}` is ready")));
        }
        // What goes back to the stable release goes there even if it is not well: the engine asks
        // for it only if nothing better is left.
        match stable.filter(|_| share < Share::ALL) {
            Some(stable) if self.desired(stable) == 0 => {
                return Err(refused(format!("`{stable}` has no units for {}", share.rest())));
            }
            None if share > Share::NONE && share < Share::ALL => {
                return Err(refused(format!("nobody is there to get {}", share.rest())));
            }
            _ => {}
        }
        self.slots = self.slots.shifted(stable, candidate, share);
        Ok(())
    }

    /// Forgets releases that are neither kept nor waiting for their first run.
    fn prune(&mut self, keep: &[ReleaseId]) -> Result<(), Outcome> {
        let slots = &self.slots;
        let live =
            |id: &ReleaseId, berth: &Berth| berth.desired > 0 || slots.share(id) > Share::NONE;
        let lost = |id: &ReleaseId| !keep.contains(id);
        if let Some((id, _)) = self.berths.iter().find(|(id, berth)| lost(id) && live(id, berth)) {
            return Err(refused(format!("`{id}` is live and is not to be kept")));
        }
        self.berths.retain(|id, berth| keep.contains(id) || !berth.ran);
        let berths = &self.berths;
        self.slots.vacate(|id| !berths.contains_key(id));
        Ok(())
    }
}

fn digest(action: &Action) -> Digest {
    // An action is plain data, which always has a text.
    Digest::of(&serde_json::to_vec(action).unwrap_or_default())
}

fn stale(current: Fence) -> Outcome {
    Outcome::NotApplied(Rejection::StaleFence { current })
}

fn refused(reason: String) -> Outcome {
    Outcome::NotApplied(Rejection::Refused { reason })
}

fn unknown(release: &ReleaseId) -> Outcome {
    refused(format!("release `{release}` is not registered here"))
}

fn busy(reason: String) -> Outcome {
    let retry_after = Some(Span::from_secs(1));
    Outcome::NotApplied(Rejection::Busy { reason, retry_after })
}

#[cfg(test)]
pub(super) mod tests;
