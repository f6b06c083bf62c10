//! Bugs in what a process or a target does.

use pilotage_artifact::Digest;
use pilotage_rollout::run::{Phase, Stage};
use pilotage_rollout::target::{Action, Order, Outcome, Rejection, Stamp};
use pilotage_rollout::{Run, Share};

use super::Bug;
use crate::sim::choices::Choices;
use crate::sim::trial::Trial;
use crate::sim::violation::Violation;
use crate::sim::world::World;

impl Bug {
    /// What the world of this bug is like.
    pub(in crate::sim) fn bend_world(self, world: &mut World) {
        world.ignores_fences = self == Self::IgnoreFence;
    }

    /// Whether intents are written before the call.
    pub(in crate::sim) fn announces(self) -> bool {
        self != Self::IntentAfterEffect
    }

    /// Whether waits take no time.
    pub(in crate::sim) fn skips_waits(self) -> bool {
        self == Self::NoBackoff
    }

    /// Whether a write without an answer is sent again at once.
    pub(in crate::sim) fn repeats(self, outcome: &Outcome) -> bool {
        self == Self::RetryUnknown && matches!(outcome, Outcome::Unknown { .. })
    }

    /// What is asked for instead.
    pub(in crate::sim) fn bend_order(self, order: &mut Order, run: &Run, world: &World) {
        let of_new = matches!(&order.action, Action::Capacity { release, .. }
            if *release == world.new.release.id);
        match (self, &mut order.action) {
            (Self::PruneRollback, Action::Prune { keep }) => {
                keep.retain(|release| *release == run.plan().to.id);
            }
            (Self::StarveCandidate, Action::Capacity { units, .. }) if of_new => {
                *units = (*units).min(1);
            }
            (Self::Surge, Action::Capacity { units, .. }) if of_new && *units > 0 => {
                *units = run.plan().ceiling().saturating_add(1);
            }
            _ => {}
        }
    }

    /// An answer that never reached the target.
    pub(in crate::sim) fn answer_for(self, order: &Order, world: &mut World) -> Option<Outcome> {
        match (self, &order.action) {
            (Self::FenceOnWriteOnly, Action::Claim) => Some(Outcome::Applied),
            (Self::Argo4898, Action::Traffic { share: Share::NONE, .. })
                if world.new.desired() > 0 =>
            {
                let reason = String::from("the candidate is not scaled down yet");
                Some(Outcome::NotApplied(Rejection::Busy { reason, retry_after: None }))
            }
            (Self::WrongDigest, Action::Capacity { .. }) => {
                world.new.release.digest = Digest::of(b"a tag that was moved");
                None
            }
            _ => None,
        }
    }

    /// What the process does beside what it is asked to.
    pub(in crate::sim) fn meddle(self, trial: &mut Trial, run: &Run) -> Result<(), Violation> {
        match self.deed(trial, run) {
            Some(action) if !trial.meddled => {
                trial.meddled = true;
                trial.inject(action)
            }
            _ => Ok(()),
        }
    }

    fn deed(self, trial: &Trial, run: &Run) -> Option<Action> {
        let Phase::Working(work) = run.phase() else { return None };
        let world = &trial.world;
        let new = |units| Action::Capacity { release: world.new.release.id.clone(), units };
        let old = |units| Action::Capacity { release: world.old.release.id.clone(), units };
        let claimed = world.fence == run.fence();
        let (share, running) = (world.router.gives, world.new.desired());
        let all_stable = world.has_old && world.old.desired() > 0 && share < Share::ALL;
        match (self, &work.stage) {
            (Self::Argo2050, Stage::Shifting { .. }) if all_stable => Some(old(0)),
            (Self::TrimAtShift, Stage::Shifting { .. }) if all_stable => {
                Some(old(world.old_share().of(trial.ledger.plan.size).saturating_sub(1)))
            }
            (Self::Argo4867, Stage::Restoring { .. } | Stage::Returning { .. })
                if share > Share::NONE && claimed =>
            {
                Some(new(0))
            }
            (Self::Argo4973, stage) if run.goes_back() && running > 0 && claimed => {
                let claiming = matches!(stage, Stage::Claiming { .. });
                (!claiming).then(|| new(running + 1))
            }
            (Self::Flagger635, Stage::Growing { .. } | Stage::Proving { .. })
                if trial.stats.processes > 1 && world.old.desired() < trial.ledger.plan.size =>
            {
                Some(Action::Traffic {
                    stable: run.plan().from.as_ref().map(|release| release.id.clone()),
                    candidate: world.new.release.id.clone(),
                    share: Share::NONE,
                })
            }
            _ => None,
        }
    }
}

impl Trial {
    /// Carries out an order that the engine did not ask for.
    fn inject(&mut self, action: Action) -> Result<(), Violation> {
        let order = Order { stamp: Stamp { fence: self.owner, number: u32::MAX }, action };
        self.ledger.ordered(&order, self.owner, true, &self.world)?;
        self.world.apply(&order, &mut Choices::tape(&[]));
        Ok(())
    }
}
