//! A toy target: it holds state, obeys orders, and has knobs for what can go wrong.
//!
//! It is stricter than any platform: it refuses to live through traffic to units that are not
//! ready and through the stop of units that still serve, so every test checks both.

use std::collections::{BTreeMap, VecDeque};

use pilotage_artifact::ReleaseId;
use pilotage_judge::Reading;
use pilotage_rollout::run::Answer;
use pilotage_rollout::target::{
    Action, Delegation, Failing, Order, Outcome, ReadFailure, Rejection, Schema,
};
use pilotage_rollout::{Moment, Observation, Plan, Share, Span};

use crate::fixtures::{group, percent, secs};

/// What goes wrong with a write.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It does not happen, and this is the answer.
    Answer(Outcome),
    /// It happens, and the answer is lost.
    Lost,
    /// The answer is lost, and it happens this much later.
    Late(Span),
    /// It is accepted, and happens this much later.
    Slow(Span),
    /// It is accepted and forgotten.
    Ignored,
}

/// Which writes a fault hits.
pub(crate) type Hits = fn(&Action) -> bool;

/// How the platform's own rollout of the candidate ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Works,
    GivesUp,
    RollsBack,
}

#[derive(Debug, Clone)]
pub(crate) struct Toy {
    /// What is true right now; tests may change it as a stranger would.
    pub(crate) truth: Observation,
    pub(crate) schema: Schema,
    /// How long units take to become ready, and the platform to roll.
    pub(crate) startup: Span,
    /// How old the answers to reads are.
    pub(crate) lag: Span,
    /// Faults of the next writes that they hit, and how many of them.
    pub(crate) faults: Vec<(Hits, Fault, u32)>,
    /// Candidate units do not become ready, for this reason.
    pub(crate) sick: Option<Failing>,
    /// The target cannot be read for this many reads, for this reason.
    pub(crate) unreadable: (u32, ReadFailure),
    pub(crate) hooks: VecDeque<&'static str>,
    pub(crate) platform: Platform,
    /// The smoke check fails this often before it passes.
    pub(crate) smoke_failures: u8,
    pub(crate) reading: Reading,
    pub(crate) answer: Answer,
    /// Every order that reached the target, with what became of it.
    pub(crate) orders: Vec<Order>,
    stable: Option<ReleaseId>,
    candidate: ReleaseId,
    size: u16,
    past: Vec<(Moment, Observation)>,
    late: Vec<(Moment, Action)>,
    due: BTreeMap<ReleaseId, Moment>,
    rolled_at: Moment,
    migrated_at: Moment,
}

impl Toy {
    /// A target in this state, which knows the plan's two sides.
    pub(crate) fn new(plan: &Plan, truth: Observation) -> Self {
        let reason = "timed out".into();
        Self {
            truth,
            schema: Schema::Absent,
            startup: secs(2),
            lag: plan.limits.lag,
            faults: Vec::new(),
            sick: None,
            unreadable: (0, ReadFailure::Unavailable { reason, retry_after: None }),
            hooks: VecDeque::new(),
            platform: Platform::Works,
            smoke_failures: 0,
            reading: Reading::Gauge { stable: 50.0, candidate: 50.0 },
            answer: Answer::Approved { by: "ana".into() },
            orders: Vec::new(),
            stable: plan.from.as_ref().map(|from| from.id.clone()),
            candidate: plan.to.id.clone(),
            size: plan.size,
            past: Vec::new(),
            late: Vec::new(),
            due: BTreeMap::new(),
            rolled_at: Moment::default(),
            migrated_at: Moment::default(),
        }
    }

    /// The orders as a person reads them.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.orders.iter().map(|order| order.action.to_string()).collect()
    }

    pub(crate) fn share(&self, release: &str) -> Share {
        self.truth
            .groups
            .iter()
            .find(|group| group.release.id.as_str() == release)
            .map_or(Share::NONE, |group| group.share)
    }

    /// The units that shall run, and the traffic, of each live release.
    pub(crate) fn serving(&self) -> Vec<(&str, u16, u16)> {
        let live = self.truth.groups.iter().filter(|group| group.is_live());
        live.map(|group| {
            (group.release.id.as_str(), group.desired, group.share.basis_points() / 100)
        })
        .collect()
    }

    /// Carries out an order, or whatever the fault that it hits makes of it.
    pub(crate) fn act(&mut self, order: &Order, now: Moment) -> Outcome {
        self.orders.push(order.clone());
        if order.stamp.fence < self.truth.fence {
            let current = self.truth.fence;
            return Outcome::NotApplied(Rejection::StaleFence { current });
        }
        let hit = self.faults.iter_mut().find(|(hits, _, left)| *left > 0 && hits(&order.action));
        let fault = hit.map(|(_, fault, left)| {
            *left -= 1;
            fault.clone()
        });
        let unknown = Outcome::Unknown { reason: "connection reset".into() };
        match fault {
            Some(Fault::Answer(outcome)) => return outcome,
            Some(Fault::Ignored) => return Outcome::Applied,
            Some(Fault::Slow(after)) => {
                self.late.push((now + after, order.action.clone()));
                return Outcome::Applied;
            }
            Some(Fault::Late(after)) => {
                self.late.push((now + after, order.action.clone()));
                return unknown;
            }
            Some(Fault::Lost) | None => {}
        }
        if order.action == Action::Claim {
            self.truth.fence = order.stamp.fence;
        }
        self.apply(&order.action, now);
        self.remember(now);
        if fault.is_some() { unknown } else { Outcome::Applied }
    }

    fn apply(&mut self, action: &Action, now: Moment) {
        match action {
            Action::Claim => {}
            Action::Migrate { .. } => {
                self.schema = Schema::Applying;
                self.migrated_at = now + self.startup;
            }
            Action::Capacity { release, units } => self.resize(release, *units, now),
            Action::Traffic { stable, candidate, share } => {
                self.route(candidate, *share);
                if let Some(stable) = stable {
                    self.route(stable, share.rest());
                }
            }
            Action::Roll { release } => {
                self.truth.delegation = Delegation::Rolling { release: release.clone() };
                self.rolled_at = now + self.startup;
            }
            Action::Proceed { .. } => {
                self.hooks.pop_front();
                let release = self.candidate.clone();
                self.truth.delegation = Delegation::Rolling { release };
                self.rolled_at = now + self.startup;
            }
            Action::Prune { keep } => {
                let kept = |id: &ReleaseId| keep.contains(id);
                self.truth.groups.retain(|group| group.is_live() || kept(&group.release.id));
            }
        }
    }

    fn resize(&mut self, release: &ReleaseId, units: u16, now: Moment) {
        if self.truth.group(release).is_none() {
            let number = release.as_str().trim_start_matches('v').parse().unwrap();
            self.truth.groups.push(group(crate::fixtures::release(number), 0, Share::NONE));
        }
        let group =
            self.truth.groups.iter_mut().find(|group| group.release.id == *release).unwrap();
        let serves = group.share > Share::NONE;
        assert!(!serves || units >= group.share.of(self.size), "units stopped that still serve");
        if units > group.desired {
            self.due.insert(release.clone(), now + self.startup);
        }
        group.desired = units;
        group.ready = group.ready.min(units);
    }

    fn route(&mut self, release: &ReleaseId, share: Share) {
        let Some(group) = self.truth.groups.iter_mut().find(|group| group.release.id == *release)
        else {
            assert_eq!(share, Share::NONE, "traffic to nowhere");
            return;
        };
        let grows = share > group.share;
        assert!(!grows || group.ready > 0, "traffic to units that are not ready");
        group.share = share;
    }

    /// Lets time pass: late writes land, units start, the platform rolls, migrations finish.
    pub(crate) fn pass(&mut self, now: Moment) {
        let landed: Vec<_> = self.late.extract_if(.., |(at, _)| *at <= now).collect();
        for (at, action) in landed {
            self.apply(&action, at);
        }
        if self.schema == Schema::Applying && now >= self.migrated_at {
            self.schema = Schema::Applied;
        }
        self.start_units(now);
        self.roll(now);
        self.remember(now);
    }

    fn start_units(&mut self, now: Moment) {
        for group in &mut self.truth.groups {
            let is_candidate = group.release.id == self.candidate;
            if let Some(sick) = self.sick.as_ref().filter(|_| is_candidate) {
                group.failing = vec![sick.clone()];
            }
            let is_due = self.due.get(&group.release.id).is_some_and(|due| *due <= now);
            if is_due && !(is_candidate && self.sick.is_some()) {
                group.ready = group.desired;
                self.due.remove(&group.release.id);
            }
        }
    }

    fn roll(&mut self, now: Moment) {
        let Delegation::Rolling { release } = self.truth.delegation.clone() else { return };
        if now < self.rolled_at {
            return;
        }
        let reason = String::from("the circuit breaker tripped");
        let is_candidate = release == self.candidate;
        self.truth.delegation = match (self.hooks.front(), self.platform) {
            (_, Platform::GivesUp) if is_candidate => Delegation::Failed { release, reason },
            (_, Platform::RollsBack) if is_candidate => Delegation::RolledBack { release, reason },
            (Some(hook), _) if is_candidate => {
                let hook = String::from(*hook);
                self.bring_up_one(&release);
                Delegation::Awaiting { release, hook }
            }
            _ => {
                self.replace_all(&release);
                Delegation::Complete { release }
            }
        };
    }

    /// What a platform does when it pauses: a first unit gets some traffic.
    fn bring_up_one(&mut self, release: &ReleaseId) {
        self.resize_unchecked(release, 1, percent(10));
        if let Some(stable) = self.stable.clone() {
            self.route(&stable, percent(90));
        }
    }

    /// What a platform does when it is through: everything runs and serves the one release.
    fn replace_all(&mut self, release: &ReleaseId) {
        self.resize_unchecked(release, self.size, Share::ALL);
        let other = if *release == self.candidate { self.stable.clone() } else { None };
        let other = other.or_else(|| (*release != self.candidate).then(|| self.candidate.clone()));
        if let Some(other) = other.filter(|other| self.truth.group(other).is_some()) {
            self.resize_unchecked(&other, 0, Share::NONE);
        }
    }

    fn resize_unchecked(&mut self, release: &ReleaseId, units: u16, share: Share) {
        if self.truth.group(release).is_none() {
            self.resize(release, 0, Moment::default());
        }
        let group =
            self.truth.groups.iter_mut().find(|group| group.release.id == *release).unwrap();
        (group.desired, group.ready, group.share) = (units, units, share);
    }

    fn remember(&mut self, now: Moment) {
        self.past.push((now, self.truth.clone()));
    }

    /// The state as old as reads are here.
    pub(crate) fn look(&mut self, now: Moment) -> Result<Observation, ReadFailure> {
        if self.unreadable.0 > 0 {
            self.unreadable.0 -= 1;
            return Err(self.unreadable.1.clone());
        }
        if self.lag == Span::ZERO {
            return Ok(self.truth.clone());
        }
        let visible = self.past.iter().rev().find(|(at, _)| *at + self.lag <= now);
        Ok(visible.or(self.past.first()).map_or(&self.truth, |(_, seen)| seen).clone())
    }
}
