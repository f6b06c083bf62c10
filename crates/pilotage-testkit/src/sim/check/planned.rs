//! Does a run in which nothing goes wrong do exactly what its plan says?

use pilotage_rollout::Share;
use pilotage_rollout::target::Action;

use super::Ledger;
use crate::sim::scenario::{Scenario, Start};
use crate::sim::violation::{Violation, require};

impl Ledger {
    /// The orders of a run without faults are those that can be read off the plan beforehand.
    pub fn equals_plan(&self, scenario: Scenario, pauses: bool) -> Result<(), Violation> {
        let planned = self.planned(scenario, pauses);
        let done: Vec<&Action> = self.actions.iter().map(|order| &order.action).collect();
        require(done == planned.iter().collect::<Vec<_>>(), "I34", || {
            format!("planned {planned:?} and did {done:?}")
        })
    }

    fn planned(&self, scenario: Scenario, pauses: bool) -> Vec<Action> {
        let plan = &self.plan;
        let mut orders = vec![Action::Claim];
        orders.extend(plan.migration.clone().map(|migration| Action::Migrate { migration }));
        if plan.ramp.is_delegated() {
            orders.push(Action::Roll { release: plan.to.id.clone() });
            orders.extend(pauses.then(|| Action::Proceed { hook: "before-traffic".into() }));
        }
        let staged = u16::from(scenario.start == Start::Staged);
        let (mut units, mut share, mut left) = (staged, Share::NONE, plan.size);
        for step in plan.ramp.steps() {
            let wanted = step.capacity.of(plan.size);
            if wanted > units {
                units = wanted;
                orders.push(Action::Capacity { release: plan.to.id.clone(), units });
            }
            if step.traffic != share {
                share = step.traffic;
                let stable = plan.from.as_ref().map(|release| release.id.clone());
                let candidate = plan.to.id.clone();
                orders.push(Action::Traffic { stable, candidate, share });
            }
            let (stays, from) = (step.stable.of(plan.size), plan.from.as_ref());
            if let Some(from) = from.filter(|_| stays < left) {
                left = stays;
                orders.push(Action::Capacity { release: from.id.clone(), units: left });
            }
        }
        orders.push(Action::Prune { keep: plan.keep.clone() });
        orders
    }
}
