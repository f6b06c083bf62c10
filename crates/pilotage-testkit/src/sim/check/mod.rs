//! The invariants, held against the world itself and never against what the engine believes.
//!
//! The ledger knows the plan, what was really seen and what was really done. It shares no code
//! with the engine: it is the second opinion.

mod orders;
mod outcome;
mod planned;
mod standing;

use std::sync::Arc;

use pilotage_judge::Reading;

use pilotage_rollout::target::{Group, Order};
use pilotage_rollout::{Moment, Observation, Plan, Share, Span};

use super::violation::{Violation, require};
use super::world::{World, has_data};

pub use outcome::{Ending, ending};

/// What the checks remember of a run.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) plan: Arc<Plan>,
    /// Whether traffic was taken back, so that only the way back is left.
    goes_back: bool,
    /// The traffic that was asked for last.
    share: Share,
    /// Since when the router was seen to give it, and for how long at most without a break.
    share_since: Option<Moment>,
    soaked: Span,
    /// Good observations of the candidate in a row, since it was last changed.
    proofs: u8,
    last_good: Moment,
    restarts: u32,
    /// The last observation that really reached the process.
    seen: Option<Seen>,
    /// What the gates heard, and what of it is written down.
    heard: Gates,
    gates: Gates,
    /// Whether this process saw somebody else's doing.
    pub(super) drift_seen: bool,
    /// Whether this process has lost its lease.
    pub(super) lease_lost: bool,
    /// What was asked for, in order.
    pub(super) actions: Vec<Order>,
    /// Calls of this process, in all and in the current second.
    calls: u32,
    second: (u64, u32),
}

/// Whether the judge was given usable data since the last shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Judged {
    #[default]
    WithoutData,
    WithData,
}

/// What the gates really saw.
#[derive(Debug, Clone, Copy, Default)]
struct Gates {
    /// Whether the judge was given usable data since the last shift.
    judged: Judged,
    worse: bool,
    smoke_failures: u32,
    smoke_failed: bool,
    declined: bool,
}

/// The part of an observation that the checks compare with.
#[derive(Debug, Clone, Copy)]
struct Seen {
    stable_ready: u16,
    stable_idle: bool,
    candidate_ready: u16,
    candidate_desired: u16,
    candidate_idle: bool,
    candidate_share: Share,
    incarnation: u64,
    stranger: bool,
}

impl Ledger {
    /// A ledger for this plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self {
            plan,
            goes_back: false,
            share: Share::NONE,
            share_since: None,
            soaked: Span::ZERO,
            proofs: 0,
            last_good: Moment::default(),
            restarts: 0,
            seen: None,
            heard: Gates::default(),
            gates: Gates::default(),
            drift_seen: false,
            lease_lost: false,
            actions: Vec::new(),
            calls: 0,
            second: (0, 0),
        }
    }

    /// A new process takes over: nothing that the last one saw counts.
    pub fn new_process(&mut self) {
        self.seen = None;
        self.gates.smoke_failures = 0;
        self.heard = self.gates;
        self.drift_seen = false;
        self.lease_lost = false;
        self.calls = 0;
    }

    /// The process was told to go back.
    pub const fn turn_back(&mut self) {
        self.goes_back = true;
    }

    /// An observation really reached the process.
    pub fn observed(&mut self, seen: &Observation, world: &World) {
        let candidate = seen.group(&world.new.release.id);
        let stable = seen.group(&world.old.release.id);
        let idle = |group: Option<&Group>| group.is_none_or(|group| group.in_flight == Some(0));
        let ready = |group: Option<&Group>| group.map_or(0, |group| group.ready);
        let restarts = candidate.map_or(0, |group| group.restarts);
        let well = candidate.is_some_and(|group| group.desired > 0 && group.ready >= group.desired);
        self.proofs = if well && restarts == self.restarts {
            self.proofs.saturating_add(1)
        } else {
            u8::from(well)
        };
        if well {
            self.last_good = world.now;
        }
        self.restarts = restarts;
        let share = candidate.map_or(Share::NONE, |group| group.share);
        if share == self.share {
            let since = *self.share_since.get_or_insert(world.now);
            self.soaked = self.soaked.max(world.now.since(since));
        } else {
            self.share_since = None;
        }
        let strangers =
            seen.groups.len() - usize::from(stable.is_some()) - usize::from(candidate.is_some());
        let stranger = strangers > 0;
        self.drift_seen |= stranger || (!self.gave(share) && !self.plan.ramp.is_delegated());
        self.seen = Some(Seen {
            stable_ready: ready(stable),
            stable_idle: idle(stable),
            candidate_ready: ready(candidate),
            candidate_desired: candidate.map_or(0, |group| group.desired),
            candidate_idle: idle(candidate),
            candidate_share: share,
            incarnation: seen.incarnation,
            stranger,
        });
    }

    /// Metrics really reached the process.
    pub fn measured(&mut self, readings: &[Reading]) {
        if readings.iter().any(has_data) {
            self.heard.judged = Judged::WithData;
        }
        self.heard.worse |= readings.iter().any(is_much_worse);
    }

    /// A smoke check really ended. A step that was begun again, because the whole has grown,
    /// counts its failures anew.
    pub fn probed(&mut self, passed: bool, world: &World) {
        let anew = passed || world.meddling.scaled;
        self.heard.smoke_failures = if anew { 0 } else { self.heard.smoke_failures + 1 };
        self.heard.smoke_failed |= self.heard.smoke_failures >= 2;
    }

    /// A person really answered.
    pub const fn answered(&mut self, declined: bool) {
        self.heard.declined |= declined;
    }

    /// What was heard is written down, and so no crash can make it unheard.
    pub const fn recorded(&mut self) {
        self.gates = self.heard;
    }

    /// What the gates really saw allows a deploy.
    pub(super) fn gates_agree(&self) -> Result<(), Violation> {
        let Gates { worse, smoke_failed, declined, .. } = self.gates;
        require(!worse, "I6", || "deployed against the judge's evidence".into())?;
        require(!smoke_failed, "I6", || "deployed after a failed smoke check".into())?;
        require(!declined, "I6", || "deployed against a person's word".into())
    }

    /// Whether the last observation showed requests in flight on the side that is to be stopped.
    pub fn sees_requests(&self, of_candidate: bool) -> bool {
        let busy = |seen: Seen| if of_candidate { !seen.candidate_idle } else { !seen.stable_idle };
        self.seen.is_some_and(busy)
    }

    fn gave(&self, share: Share) -> bool {
        let mut given = self.plan.ramp.steps().iter().map(|step| step.traffic);
        share == Share::NONE || given.any(|step| step == share)
    }

    /// The soak that the step of the current share asks for, and whether it has a judge.
    fn dues(&self) -> (Span, bool) {
        use pilotage_rollout::gate::Gate;
        let mut steps = self.plan.ramp.steps().iter();
        let gates = steps.rfind(|step| step.traffic == self.share).map(|step| &step.gates[..]);
        let gates = gates.unwrap_or_default();
        let soak = gates.iter().fold(Span::ZERO, |sum, gate| match gate {
            Gate::Soak(span) => sum + *span,
            Gate::Judge(_) | Gate::Smoke(_) | Gate::Manual(_) => sum,
        });
        (soak, gates.iter().any(|gate| matches!(gate, Gate::Judge(_))))
    }
}

fn is_much_worse(reading: &Reading) -> bool {
    match reading {
        Reading::Ratio { stable, candidate } => {
            let rates = stable.rate().zip(candidate.rate());
            rates.is_some_and(|(stable, candidate)| candidate > stable * 10.0)
        }
        Reading::Gauge { .. } | Reading::Missing { .. } => false,
    }
}
