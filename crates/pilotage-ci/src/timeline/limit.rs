//! How long a stage may take at most, by the plan.

use pilotage_rollout::gate::Gate;
use pilotage_rollout::run::Stage;
use pilotage_rollout::{Plan, Span};

/// How long the stage may take; nothing where it waits for a person.
pub(super) fn limit(stage: &Stage, plan: &Plan) -> Option<Span> {
    match stage {
        Stage::Holding(holding) => {
            plan.ramp.gates(holding.at.step).get(holding.at.gate).and_then(patience)
        }
        stage => stage.deadline(&plan.limits),
    }
}

fn patience(gate: &Gate) -> Option<Span> {
    match gate {
        Gate::Soak(span) => Some(*span),
        Gate::Judge(judging) => Some(judging.horizon),
        Gate::Smoke(smoke) => Some(smoke.interval * u64::from(smoke.attempts)),
        Gate::Manual(_) => None,
    }
}
