//! What may be asked for, and when.

use pilotage_artifact::ReleaseId;
use pilotage_rollout::target::{Action, Order};
use pilotage_rollout::{Fence, Share, Span};

use super::{Judged, Ledger, Seen};
use crate::sim::violation::{Violation, require};
use crate::sim::world::{Database, World};

/// Calls in one second that no well-behaved client makes.
const STORM: u32 = 25;

impl Ledger {
    /// Some call is about to be made.
    pub fn called(&mut self, world: &World) -> Result<(), Violation> {
        self.calls += 1;
        let second = world.now.as_millis() / 1_000;
        self.second =
            if self.second.0 == second { (second, self.second.1 + 1) } else { (second, 1) };
        let allowed = self.plan.limits.calls.saturating_mul(2).saturating_add(16);
        require(self.calls <= allowed, "I29", || format!("more than {allowed} calls"))?;
        require(self.second.1 <= STORM, "I29", || format!("more than {STORM} calls in a second"))
    }

    /// An order is about to be carried out by the process that owns this fence.
    pub fn ordered(
        &mut self,
        order: &Order,
        owner: Fence,
        announced: bool,
        world: &World,
    ) -> Result<(), Violation> {
        require(announced, "I12", || format!("`{}` without an intent", order.action))?;
        require(!self.lease_lost, "I20", || format!("`{}` without the lease", order.action))?;
        require(order.stamp.fence == owner, "I19", || "an order under another's fence".into())?;
        let claimed = world.fence >= order.stamp.fence || order.action == Action::Claim;
        require(claimed, "I19", || format!("`{}` before the claim", order.action))?;
        let remade = self.seen.is_some_and(|seen| seen.incarnation != self.plan.incarnation);
        require(!remade || order.action == Action::Claim, "I31", || {
            format!("`{}` on a target that was made again", order.action)
        })?;
        self.actions.push(order.clone());
        match &order.action {
            Action::Claim | Action::Roll { .. } | Action::Proceed { .. } => Ok(()),
            Action::Migrate { .. } => migrate(world),
            Action::Capacity { release, units } => self.capacity(release, *units, world),
            Action::Traffic { share, .. } => self.traffic(*share, world),
            Action::Prune { keep } => self.prune(keep),
        }
    }

    fn capacity(&mut self, of: &ReleaseId, units: u16, world: &World) -> Result<(), Violation> {
        if *of == world.new.release.id {
            return self.candidate(units, world);
        }
        require(*of == world.old.release.id, "I32", || format!("`{of}` is not of the plan"))?;
        self.stable(units, world)
    }

    fn candidate(&mut self, units: u16, world: &World) -> Result<(), Violation> {
        let grows = units > world.new.desired();
        require(!(grows && self.goes_back), "I10", || "an aborted candidate grows again".into())?;
        if grows {
            self.proofs = 0;
        }
        let ceiling = self.ceiling(world);
        let total = units.saturating_add(world.old.desired());
        require(total <= ceiling, "I10", || format!("{total} units, at most {ceiling} planned"))?;
        if units > 0 {
            return Ok(());
        }
        let share = world.router.gives;
        let unseen = self.is_deceived(world);
        require(share == Share::NONE || unseen, "I3", || {
            format!("stopped with {share} of the traffic")
        })?;
        let idle = self.seen.is_some_and(|seen| seen.candidate_idle);
        self.drained(idle, world.new.idle_since, world)
    }

    fn stable(&mut self, units: u16, world: &World) -> Result<(), Violation> {
        if units >= world.old.desired() {
            return Ok(());
        }
        let size = self.whole(world);
        let needed = world.old_share().of(size);
        require(units >= needed || self.is_deceived(world), "I3", || {
            format!("the stable release left with {units} units for {}", world.old_share())
        })?;
        let carries = self.share.of(size);
        require(self.seen.is_some_and(|seen| seen.candidate_ready >= carries), "I5", || {
            "the stable release was trimmed without a healthy candidate".into()
        })?;
        if units > 0 {
            return Ok(());
        }
        let idle = self.seen.is_some_and(|seen| seen.stable_idle);
        self.drained(idle, world.old.idle_since, world)
    }

    /// Whether somebody moved traffic so lately that no read could show it yet.
    pub(super) fn is_deceived(&self, world: &World) -> bool {
        let old_answer = self.seen.is_some_and(|seen| seen.candidate_share != world.router.gives);
        world.meddling.rerouted.is_some() && old_answer
    }

    /// Requests had finished, or had their time.
    fn drained(
        &self,
        idle: bool,
        since: pilotage_rollout::Moment,
        world: &World,
    ) -> Result<(), Violation> {
        let waited = world.now.since(since) >= self.plan.limits.drain;
        require(idle || waited || self.is_deceived(world), "I3", || {
            "stopped while requests were in flight".into()
        })
    }

    fn traffic(&mut self, share: Share, world: &World) -> Result<(), Violation> {
        require(self.gave(share), "I5", || format!("{share} is not of the plan"))?;
        let forward = share > self.share;
        if forward {
            self.forward(share, world)?;
        } else if share < self.share || share == Share::NONE {
            self.backward(world)?;
        }
        if share != self.share {
            self.heard.judged = Judged::WithoutData;
            self.share_since = None;
            self.soaked = Span::ZERO;
        }
        self.share = share;
        Ok(())
    }

    fn forward(&self, share: Share, world: &World) -> Result<(), Violation> {
        require(!self.goes_back, "I5", || "traffic went forward again on the way back".into())?;
        require(!self.drift_seen, "I32", || "somebody's change was overwritten".into())?;
        let units = world.new.desired();
        let needed = share.of(self.whole(world));
        require(units >= needed, "I4", || format!("{share} of the traffic on {units} units"))?;
        let rule = self.plan.health;
        require(self.proofs >= rule.k(), "I2", || "traffic without a proof of health".into())?;
        let age = world.now.since(self.last_good);
        require(age <= rule.max_age() + Span::from_secs(5), "I2", || {
            format!("traffic on a proof that is {age} old")
        })?;
        let (soak, judge) = self.dues();
        let soaked = self.soaked;
        let first = self.share == Share::NONE;
        require(first || soaked >= soak, "I6", || format!("shifted after {soaked} of {soak}"))?;
        let judged = self.heard.judged == Judged::WithData;
        require(!judge || first || judged, "I7", || "shifted without any data".into())?;
        let migrated = self.plan.migration.is_none() || world.schema == Database::New;
        require(migrated, "I23", || "traffic before the migrations".into())
    }

    fn backward(&mut self, world: &World) -> Result<(), Violation> {
        self.goes_back = true;
        if !world.has_old {
            return Ok(());
        }
        let units = world.old.desired();
        let whole = self.whole(world);
        require(units >= whole, "I4", || format!("everything returned to {units} of {whole}"))?;
        let worse = |seen: Seen| {
            let candidate_well =
                seen.candidate_desired > 0 && seen.candidate_ready >= seen.candidate_desired;
            seen.stable_ready == 0 && candidate_well
        };
        require(!self.seen.is_some_and(worse), "I8", || {
            "traffic left a healthy candidate for a stable release that is down".into()
        })
    }

    fn prune(&self, keep: &[ReleaseId]) -> Result<(), Violation> {
        let needed = self.plan.from.iter().chain([&self.plan.to]);
        let lost = needed.map(|release| &release.id).find(|id| !keep.contains(id));
        require(lost.is_none(), "I25", || "a release that a rollback needs was pruned".into())
    }

    /// The units that make up the whole, less those that the platform's autoscaler took away.
    pub(super) fn whole(&self, world: &World) -> u16 {
        self.plan.size.saturating_sub(world.meddling.spared).max(1)
    }

    pub(super) fn ceiling(&self, world: &World) -> u16 {
        if world.meddling.scaled { u16::MAX } else { self.plan.ceiling() }
    }
}

fn migrate(world: &World) -> Result<(), Violation> {
    require(world.schema != Database::Dirty, "I24", || "a half-way migration was run again".into())
}
