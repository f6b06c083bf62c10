//! A place that runs a service, in memory.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::role::{Clock, Target};
use pilotage_rollout::journal::{Entry, RunId};
use pilotage_rollout::target::{
    Action, Capabilities, Delegation, Failing, Group, Observation, Order, Outcome, ReadFailure,
    Rejection,
};
use pilotage_rollout::{Fence, Share, Span};

use super::{Death, FakeJournals, lock};

/// A place that runs a service. It fails the test, rather than answer an error, where an order
/// breaks a promise of the product: an order without a durable intent, one before the claim,
/// traffic to units that are not ready, units stopped under traffic, a clean-up of what is live.
#[derive(Debug)]
pub struct FakeTarget {
    can: Capabilities,
    clock: Arc<dyn Clock>,
    death: Arc<Death>,
    journals: Option<Arc<FakeJournals>>,
    world: Mutex<World>,
}

/// What can become of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyFault {
    /// It happens, and the answer is lost.
    UnknownApplied,
    /// It does not happen, and the answer is lost.
    UnknownNotApplied,
    /// It does not happen, for the target is busy.
    Throttled,
    /// It happens after this long, if anybody still waits.
    Slow(Span),
    /// It happens at once, and the answer comes after this long.
    LateAnswer(Span),
}

/// What is at the place.
#[derive(Debug)]
pub struct World {
    /// The highest fence that was claimed.
    pub fence: Fence,
    /// Changes when the place is deleted and made again.
    pub incarnation: u64,
    /// How long units take to become ready.
    pub warm_up: Span,
    /// Orders that had an effect, in order.
    pub applied: Vec<Action>,
    known: Vec<Release>,
    broken: BTreeSet<ReleaseId>,
    units: Vec<Units>,
    apply_faults: VecDeque<(u32, ApplyFault)>,
    read_faults: VecDeque<ReadFailure>,
}

/// The units of one release.
#[derive(Debug, Clone)]
struct Units {
    release: Release,
    desired: u16,
    ready: u16,
    ready_at: Span,
    share: Share,
}

impl FakeTarget {
    /// A place where units of `serving` carry everything and these other releases are known.
    pub fn serving(
        serving: &Release,
        units: u16,
        known: &[Release],
        can: Capabilities,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let first = Units {
            release: serving.clone(),
            desired: units,
            ready: units,
            ready_at: Span::ZERO,
            share: Share::ALL,
        };
        let world = World {
            fence: Fence::default(),
            incarnation: 1,
            warm_up: Span::from_secs(20),
            applied: Vec::new(),
            known: known.iter().chain([serving]).cloned().collect(),
            broken: BTreeSet::new(),
            units: vec![first],
            apply_faults: VecDeque::new(),
            read_faults: VecDeque::new(),
        };
        let (death, journals, world) = (Arc::default(), None, Mutex::new(world));
        Self { can, clock, death, journals, world }
    }

    /// Refuses orders whose intent is not the last record of their run in these journals.
    pub fn strict(self, journals: Arc<FakeJournals>) -> Self {
        Self { journals: Some(journals), ..self }
    }

    /// Users of the place die as this says.
    pub fn mortal(self, death: Arc<Death>) -> Self {
        Self { death, ..self }
    }

    /// Looks at the place, or changes it, behind everybody's back.
    pub fn world<T>(&self, visit: impl FnOnce(&mut World) -> T) -> T {
        visit(&mut lock(&self.world))
    }

    /// Lets this happen to an order, after this many more have gone well.
    pub fn fault_after(&self, orders: u32, fault: ApplyFault) {
        self.world(|world| world.apply_faults.push_back((orders, fault)));
    }

    /// Lets the next reads fail like this, so many times.
    pub fn fail_reads(&self, times: usize, failure: &ReadFailure) {
        self.world(|world| world.read_faults.extend(vec![failure.clone(); times]));
    }

    /// Units of this release never become ready.
    pub fn break_release(&self, release: &ReleaseId) {
        self.world(|world| world.broken.insert(release.clone()));
    }

    /// The release that is all that runs and serves, and does so well; none if there is none.
    pub fn wholly(&self) -> Option<ReleaseId> {
        let now = self.clock.elapsed();
        self.world(|world| world.wholly(now))
    }

    fn assert_announced(&self, run: &RunId, order: &Order) {
        let Some(journals) = &self.journals else { return };
        let last = journals.last(run).map(|(_, record)| record.entry);
        assert_eq!(last, Some(Entry::Intent(order.clone())), "the order has no durable intent");
    }

    async fn carry_out(&self, order: &Order) -> Outcome {
        let fault = self.world(World::next_fault);
        match fault {
            None => self.effect(order),
            Some(ApplyFault::Throttled) => Outcome::NotApplied(Rejection::Busy {
                reason: "rate exceeded".into(),
                retry_after: Some(Span::from_secs(2)),
            }),
            Some(ApplyFault::UnknownNotApplied) => unheard(),
            Some(ApplyFault::UnknownApplied) => {
                self.effect(order);
                unheard()
            }
            Some(ApplyFault::Slow(span)) => {
                self.clock.sleep(span).await;
                self.effect(order)
            }
            Some(ApplyFault::LateAnswer(span)) => {
                let outcome = self.effect(order);
                self.clock.sleep(span).await;
                outcome
            }
        }
    }

    fn effect(&self, order: &Order) -> Outcome {
        let now = self.clock.elapsed();
        self.world(|world| world.apply(order, now))
    }
}

#[async_trait]
impl Target for FakeTarget {
    fn capabilities(&self) -> Capabilities {
        self.can
    }

    async fn observe(&self) -> Result<Observation, ReadFailure> {
        self.death.point().await;
        if let Some(failure) = self.world(|world| world.read_faults.pop_front()) {
            return Err(failure);
        }
        let now = self.clock.elapsed();
        let seen = self.world(|world| world.observe(now));
        self.death.point().await;
        Ok(seen)
    }

    async fn apply(&self, run: &RunId, order: &Order) -> Outcome {
        self.assert_announced(run, order);
        self.death.point().await;
        let outcome = self.carry_out(order).await;
        self.death.point().await;
        outcome
    }
}

impl World {
    fn next_fault(&mut self) -> Option<ApplyFault> {
        match self.apply_faults.front_mut() {
            Some((0, fault)) => {
                let fault = *fault;
                self.apply_faults.pop_front();
                Some(fault)
            }
            Some((orders, _)) => {
                *orders -= 1;
                None
            }
            None => None,
        }
    }

    fn apply(&mut self, order: &Order, now: Span) -> Outcome {
        let current = self.fence;
        if order.stamp.fence < current {
            return Outcome::NotApplied(Rejection::StaleFence { current });
        }
        let claims = order.action == Action::Claim;
        assert!(claims || order.stamp.fence == current, "acted before the claim: {order:?}");
        self.warm(now);
        let outcome = match &order.action {
            Action::Claim => {
                self.fence = order.stamp.fence;
                Outcome::Applied
            }
            Action::Capacity { release, units } => self.scale(release, *units, now),
            Action::Traffic { stable, candidate, share } => {
                self.shift(stable.as_ref(), candidate, *share)
            }
            Action::Prune { keep } => self.prune(keep),
            other @ (Action::Migrate { .. } | Action::Roll { .. } | Action::Proceed { .. }) => {
                refused(format!("this place cannot {other}"))
            }
        };
        if outcome == Outcome::Applied {
            self.applied.push(order.action.clone());
        }
        outcome
    }

    fn scale(&mut self, release: &ReleaseId, units: u16, now: Span) -> Outcome {
        let Some(known) = self.known.iter().find(|known| known.id == *release).cloned() else {
            return refused(format!("there is no release `{release}`"));
        };
        if !self.units.iter().any(|group| group.release.id == *release) {
            let (desired, ready, ready_at, share) = (0, 0, now, Share::NONE);
            self.units.push(Units { release: known, desired, ready, ready_at, share });
        }
        let warm_up = self.warm_up;
        for group in self.units.iter_mut().filter(|group| group.release.id == *release) {
            assert!(units > 0 || group.share == Share::NONE, "`{release}` stopped under traffic");
            if units > group.desired {
                group.ready_at = now + warm_up;
            }
            group.desired = units;
            group.ready = group.ready.min(units);
        }
        Outcome::Applied
    }

    fn shift(
        &mut self,
        stable: Option<&ReleaseId>,
        candidate: &ReleaseId,
        share: Share,
    ) -> Outcome {
        for (release, share) in [(Some(candidate), share), (stable, share.rest())] {
            let Some(release) = release.filter(|_| share > Share::NONE) else { continue };
            let well = self.units.iter().any(|group| {
                group.release.id == *release && group.ready > 0 && group.ready == group.desired
            });
            assert!(well, "`{release}` gets {share} of the traffic and is not ready for it");
        }
        for group in &mut self.units {
            group.share = match &group.release.id {
                id if id == candidate => share,
                id if Some(id) == stable => share.rest(),
                _ => group.share,
            };
        }
        Outcome::Applied
    }

    fn prune(&mut self, keep: &[ReleaseId]) -> Outcome {
        let lost = |group: &Units| !keep.contains(&group.release.id);
        let live = |group: &Units| group.desired > 0 || group.share > Share::NONE;
        assert!(!self.units.iter().any(|group| lost(group) && live(group)), "pruned what is live");
        self.units.retain(|group| !lost(group));
        Outcome::Applied
    }

    /// Lets those units become ready whose time has come.
    fn warm(&mut self, now: Span) {
        let Self { units, broken, .. } = self;
        for group in units.iter_mut().filter(|group| now >= group.ready_at) {
            if !broken.contains(&group.release.id) {
                group.ready = group.desired;
            }
        }
    }

    fn observe(&mut self, now: Span) -> Observation {
        self.warm(now);
        Observation {
            fence: self.fence,
            incarnation: self.incarnation,
            groups: self.units.iter().map(Units::observe).collect(),
            delegation: Delegation::Idle,
        }
    }

    fn wholly(&mut self, now: Span) -> Option<ReleaseId> {
        let seen = self.observe(now);
        let mut live = seen.groups.iter().filter(|group| group.is_live());
        match (live.next(), live.next()) {
            (Some(group), None) if group.share == Share::ALL && group.ready == group.desired => {
                Some(group.release.id.clone())
            }
            _ => None,
        }
    }
}

impl Units {
    fn observe(&self) -> Group {
        let reason = || Failing {
            unit: format!("{}-0", self.release.id),
            reason: "not ready yet".into(),
            hopeless: false,
        };
        Group {
            release: self.release.clone(),
            desired: self.desired,
            ready: self.ready,
            restarts: 0,
            in_flight: None,
            share: self.share,
            failing: (self.ready < self.desired).then(reason).into_iter().collect(),
        }
    }
}

fn unheard() -> Outcome {
    Outcome::Unknown { reason: "the connection broke".into() }
}

fn refused(reason: String) -> Outcome {
    Outcome::NotApplied(Rejection::Refused { reason })
}
