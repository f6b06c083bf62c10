//! Deadlines and budgets: every wait, loop and retry of a run is bounded here.

use serde::{Deserialize, Serialize};

use crate::gate::{Gate, HealthRule};
use crate::target::Capabilities;
use crate::{Ramp, Span};

/// The bounds of a run. They are part of the plan, so that a person can read them beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How long units may take to become healthy.
    pub prove: Span,
    /// How long a write may take to show.
    pub confirm: Span,
    /// How long requests in flight may take to finish.
    pub drain: Span,
    /// How long the platform's own rollout may take.
    pub delegated: Span,
    /// How long the migrations may take.
    pub migrate: Span,
    /// The time between two reads while waiting.
    pub poll: Span,
    /// How old an answer to a read can be.
    pub lag: Span,
    /// How long a write without an answer can still take effect.
    pub settle: Span,
    /// How often one write is sent at most.
    pub tries: u8,
    /// How often a state that slipped back is repaired before a person is asked.
    pub repairs: u8,
    /// How many calls a run may make before it gives up; going back may use as many again.
    pub calls: u32,
}

/// Limits under which no run could end well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLimits {
    /// A limit of zero allows nothing.
    #[error("the limit `{limit}` is zero, so the run could only fail: raise it")]
    Zero {
        /// Which one.
        limit: &'static str,
    },
    /// A write would be given up before its answer can be known.
    #[error(
        "the limit `confirm` ({confirm}) is not longer than the time in which a lost write can \
         still take effect and show ({uncertain}): raise it above that"
    )]
    Hasty {
        /// The limit.
        confirm: Span,
        /// How long a write stays uncertain at this target.
        uncertain: Span,
    },
}

impl Limits {
    /// Usual limits for a target that can do this much.
    pub fn usual(can: &Capabilities) -> Self {
        Self {
            prove: Span::from_mins(10),
            confirm: Span::from_mins(2) + (can.settle + can.lag) * 3,
            drain: Span::from_mins(5),
            delegated: Span::from_mins(30),
            migrate: Span::from_mins(60),
            poll: Span::from_secs(5),
            lag: can.lag,
            settle: can.settle,
            tries: 5,
            repairs: 3,
            calls: 0,
        }
    }

    /// The same limits, with no more trust in the target than it asks for.
    pub(super) fn for_target(self, can: &Capabilities) -> Self {
        Self { lag: self.lag.max(can.lag), settle: self.settle.max(can.settle), ..self }
    }

    /// Whether a run under these limits can end well. The planner asks; whoever reads a plan from a
    /// file asks again.
    pub fn check(&self) -> Result<(), InvalidLimits> {
        let spans = [
            ("prove", self.prove),
            ("confirm", self.confirm),
            ("delegated", self.delegated),
            ("migrate", self.migrate),
            ("poll", self.poll),
        ];
        if let Some((limit, _)) = spans.into_iter().find(|(_, span)| *span == Span::ZERO) {
            return Err(InvalidLimits::Zero { limit });
        }
        if self.tries == 0 {
            return Err(InvalidLimits::Zero { limit: "tries" });
        }
        let uncertain = self.settle + self.lag;
        if self.confirm <= uncertain {
            return Err(InvalidLimits::Hasty { confirm: self.confirm, uncertain });
        }
        Ok(())
    }

    /// The calls that a run of this ramp can need at most: one read and one other call at each
    /// poll of each wait, and every write as often as it may be sent.
    pub(super) fn budget(&self, ramp: &Ramp, health: HealthRule) -> u32 {
        let steps = ramp.steps().len().max(1) as u128;
        let polls = |span: Span| times(span, self.poll);
        let proofs = times(self.prove, health.interval()) + 1;
        let each = proofs * 2 + polls(self.confirm) * 3 + polls(self.drain);
        let once = polls(self.delegated) + polls(self.migrate) + polls(self.confirm) * 4;
        let gates: u128 = ramp.all_gates().map(|gate| gate_calls(gate, health)).sum();
        let writes = (steps * 3 + 6) * u128::from(self.tries);
        let rounds = u128::from(self.repairs) + 1;
        u32::try_from((steps * each + gates + writes) * rounds + once).unwrap_or(u32::MAX)
    }
}

/// How often an interval fits; wide, so that the sum of absurd limits is large and never wraps.
fn times(span: Span, interval: Span) -> u128 {
    u128::from(span.divided_by(interval))
}

fn gate_calls(gate: &Gate, health: HealthRule) -> u128 {
    let reads = |span: Span| times(span, health.interval()) + 1;
    match gate {
        Gate::Soak(span) => reads(*span),
        Gate::Judge(judging) => {
            reads(judging.horizon) + times(judging.horizon, judging.interval) + 1
        }
        Gate::Smoke(smoke) => (reads(smoke.interval) + 1) * u128::from(smoke.attempts),
        Gate::Manual(_) => 2,
    }
}
