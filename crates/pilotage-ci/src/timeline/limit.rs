//! How long a stage may take at most, by the plan.

use pilotage_rollout::gate::Gate;
use pilotage_rollout::run::Stage;
use pilotage_rollout::{Plan, Span};

/// How long the stage may take; nothing where it waits for a person.
pub(super) fn limit(stage: &Stage, plan: &Plan) -> Option<Span> {
    let limits = &plan.limits;
    match stage {
        Stage::Holding(holding) => {
            plan.ramp.gates(holding.at.step).get(holding.at.gate).and_then(patience)
        }
        Stage::Migrating => Some(limits.migrate),
        Stage::Rolling { .. } | Stage::Unrolling { .. } => Some(limits.delegated),
        Stage::Proving { .. } | Stage::Asserting | Stage::Closing { .. } => Some(limits.prove),
        Stage::Restoring { .. } => Some(limits.prove + limits.confirm),
        Stage::Draining { .. } | Stage::Releasing { .. } => {
            Some(limits.drain + limits.settle + limits.prove)
        }
        Stage::Trimming { .. } | Stage::Disposing { .. } => Some(limits.confirm + limits.drain),
        Stage::Claiming { .. }
        | Stage::Checking
        | Stage::Growing { .. }
        | Stage::Shifting { .. }
        | Stage::Proceeding { .. }
        | Stage::Pruning
        | Stage::Returning { .. } => Some(limits.confirm),
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
