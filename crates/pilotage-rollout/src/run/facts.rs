//! What a run has accumulated so far, whatever it is doing.

use alloc::sync::Arc;

use pilotage_judge::Evidence;

use crate::gate::{Gate, Judging};
use crate::plan::{Limits, Plan};
use crate::ramp::Step;
use crate::target::Fence;
use crate::{Moment, Share, Span};

use super::cast::Cast;
use super::phase::{Goal, Position};

/// How far an order to the platform to roll has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rolled {
    /// None was sent.
    Not,
    /// One was sent: going back has to take it back.
    Asked,
    /// One was not rejected: only then a failure of the platform can be ours.
    Heard,
}

/// The memory of a run beside its phase.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    pub(super) plan: Arc<Plan>,
    pub(super) fence: Fence,
    pub(super) now: Moment,
    /// Orders sent so far; the number in their stamps.
    pub(super) orders: u32,
    /// Calls made since the run was opened or resumed.
    pub(super) calls: u32,
    /// States that slipped back and were repaired.
    pub(super) repairs: u8,
    /// The units that make up the whole; follows an autoscaler upwards.
    pub(super) size: u16,
    /// Whether the stable release was ever asked to have less than the whole.
    pub(super) trimmed: bool,
    /// Whether the stable release was ever asked to stop: from then on the candidate may be the
    /// only healthy copy.
    pub(super) retired: bool,
    /// How far an order to the platform to roll has come.
    pub(super) rolled: Rolled,
    /// What the judge has learned lately, and at which gate.
    pub(super) learned: Option<(Position, Evidence)>,
    /// When the last write without an answer can no longer take effect, and would have shown.
    pub(super) settles_at: Moment,
    /// Since when every read has failed, if the last one did.
    pub(super) unread_since: Option<Moment>,
}

impl Facts {
    pub(super) fn limits(&self) -> &Limits {
        &self.plan.limits
    }

    pub(super) fn step(&self, at: Position) -> Option<&Step> {
        self.plan.ramp.steps().get(at.step)
    }

    pub(super) fn gate(&self, at: Position) -> Option<&Gate> {
        self.plan.ramp.gates(at.step).get(at.gate)
    }

    /// The evidence with which a judge begins. What speaks against the candidate is kept from gate
    /// to gate and over a resumption, so that the accepted risk of a false abort holds for the
    /// whole ramp; what spoke for it has to be earned again.
    pub(super) fn opening(&self, judging: &Judging) -> Evidence {
        let same = |at: Position| match self.gate(at) {
            Some(Gate::Judge(earlier)) => earlier.panel == judging.panel,
            _ => false,
        };
        match &self.learned {
            Some((at, evidence)) if same(*at) => evidence.clone().for_next_step(),
            _ => judging.panel.begin(),
        }
    }

    /// The candidate's units in this step.
    pub(super) fn units(&self, at: Position) -> u16 {
        self.step(at).map_or(self.size, |step| step.capacity.of(self.size))
    }

    /// The candidate's units that make up the whole in the end. Who has the platform roll leaves the
    /// number of units to it: an autoscaler may want fewer than were planned, but never none.
    pub(super) fn whole(&self, cast: Cast<'_>) -> u16 {
        if self.plan.ramp.is_delegated() && cast.candidate.is_some() {
            return self.size.min(cast.candidate_units()).max(1);
        }
        self.size
    }

    /// The candidate's traffic in this step.
    pub(super) fn traffic(&self, at: Position) -> Share {
        self.step(at).map_or(Share::ALL, |step| step.traffic)
    }

    /// The stable release's units after this step.
    pub(super) fn left(&self, at: Position) -> u16 {
        self.step(at).map_or(0, |step| step.stable.of(self.size))
    }

    pub(super) fn is_settled(&self) -> bool {
        self.now >= self.settles_at
    }

    /// Nobody knows whether the write that is under way will take effect.
    pub(super) fn unsettle(&mut self) {
        self.doubt(Some(self.now));
    }

    /// What was asked for at that time, if anything, was accepted and not seen to take effect.
    pub(super) fn doubt(&mut self, sent_at: Option<Moment>) {
        if let Some(sent_at) = sent_at {
            let Limits { settle, lag, .. } = *self.limits();
            self.settles_at = self.settles_at.max(sent_at + settle + lag);
        }
    }

    pub(super) fn elapsed(&self, since: Moment) -> Span {
        self.now.since(since)
    }

    /// Whether this share is one that an earlier step of this run gave to the candidate.
    pub(super) fn gave(&self, share: Share, at: Position) -> bool {
        let steps = self.plan.ramp.steps().iter().take(at.step + 1);
        share == Share::NONE || steps.map(|step| step.traffic).any(|given| given == share)
    }

    pub(super) fn first(&self) -> Goal {
        match self.plan.migration {
            Some(_) => Goal::Migrate,
            None => Goal::Forward(Position::default()),
        }
    }
}
