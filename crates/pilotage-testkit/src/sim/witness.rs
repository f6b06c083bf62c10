//! Who notices the situations that must really have occurred.

use pilotage_rollout::run::{Goal, Parked, Phase, Progress, Stage, Why};
use pilotage_rollout::target::{Action, Order, Outcome, Schema};
use pilotage_rollout::{Cause, Event, Run, Share, Verdict};

use super::check::Ledger;
use super::mark::{Mark, Marks};
use super::world::World;

/// What was noticed in a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Witness {
    pub(super) marks: Marks,
    /// The order whose outcome nobody knows.
    unanswered: Option<Action>,
    /// Whether there ever was one.
    doubted: bool,
    lost_unit: bool,
}

impl Witness {
    pub(super) fn crashed(&mut self, run: &Run, process: u32) {
        let back = run.goes_back();
        self.marks.hit(if back { Mark::CrashedBackward } else { Mark::CrashedForward });
        self.marks.hit_if(Mark::CrashedTwice, process == 2);
    }

    pub(super) fn ordered(&mut self, order: &Order, ledger: &Ledger, world: &World) {
        let again = self.unanswered.take().is_some_and(|action| action == order.action);
        self.marks.hit_if(Mark::UnknownWasLost, again);
        match &order.action {
            Action::Capacity { release, units } => {
                let of_candidate = *release == world.new.release.id;
                let stops = *units == 0;
                self.marks.hit_if(Mark::SettledBeforeStop, stops && self.doubted);
                let busy = stops && ledger.sees_requests(of_candidate);
                self.marks.hit_if(Mark::DrainTimedOut, busy && world.physics.counts_requests);
                let regrows = !of_candidate && *units > world.old.desired();
                self.marks.hit_if(Mark::Retrimmed, regrows);
            }
            Action::Roll { release } => {
                self.marks.hit_if(Mark::Rolled, *release == world.old.release.id);
            }
            _ => {}
        }
    }

    pub(super) fn happened(&mut self, event: &Event, before: &Run, after: &Run, world: &World) {
        self.answered(event, before, after);
        self.marks.hit_if(Mark::Resized, after.size() > before.size());
        self.lost_unit |= world.meddling.new_lost_at.is_some();
        if let Event::Aborted { .. } = event {
            self.aborted(before, world);
        }
        if let (Phase::Parked(parked), Phase::Working(_)) = (after.phase(), before.phase()) {
            self.parked(parked);
        }
        if let (Some(cause), false) = (back(after), before.goes_back()) {
            self.turned_back(cause, world);
        }
        if let Phase::Working(work) = before.phase() {
            let waits = matches!(event, Event::Inspected(Ok(Schema::Applying)));
            let first = work.pace.tries == 0;
            self.marks.hit_if(Mark::MigrationAwaited, waits && first);
            self.marks.hit_if(Mark::PlatformPaused, matches!(work.stage, Stage::Proceeding { .. }));
            let recovers = matches!(&work.stage, Stage::Holding(holding)
                if matches!(holding.progress, Progress::Smoking { .. }));
            let passes = matches!(event, Event::Probed(Ok(())));
            self.marks.hit_if(Mark::SmokeRecovered, recovers && passes);
        }
    }

    fn answered(&mut self, event: &Event, before: &Run, after: &Run) {
        match (event, before.effect()) {
            (Event::Acted(Outcome::Unknown { .. }), pilotage_rollout::Effect::Act(order)) => {
                self.unanswered = Some(order.action.clone());
                self.doubted = true;
            }
            (Event::Observed(Ok(_)), _) if self.unanswered.is_some() => {
                let moved = match (before.phase(), after.phase()) {
                    (Phase::Working(before), Phase::Working(after)) => {
                        after.pace.since != before.pace.since
                    }
                    _ => false,
                };
                self.marks.hit_if(Mark::UnknownWasApplied, moved);
                if moved {
                    self.unanswered = None;
                }
            }
            _ => {}
        }
    }

    fn aborted(&mut self, before: &Run, world: &World) {
        let shifted = world.router.gives > Share::NONE;
        let retired = world.has_old && world.old.desired() == 0;
        let delegated = before.plan().ramp.is_delegated();
        self.marks.hit(match (shifted, retired) {
            (false, _) => Mark::AbortedBeforeShift,
            (true, true) if !delegated => Mark::AbortedAfterRetirement,
            (true, _) => Mark::AbortedAfterShift,
        });
    }

    fn parked(&mut self, parked: &Parked) {
        self.marks.hit(match parked.why {
            Why::Interrupted => Mark::Interrupted,
            Why::Superseded { .. } => Mark::Superseded,
            Why::Person { .. } => Mark::Paused,
            Why::Drift { .. } => Mark::Drifted,
            Why::Unreadable { .. } => Mark::Unknown,
            Why::Held { .. } => Mark::Held,
            Why::Stuck { .. } => Mark::Stuck,
        });
    }

    fn turned_back(&mut self, cause: &Cause, world: &World) {
        let shifted = world.router.gives > Share::NONE;
        let mark = match cause {
            Cause::Unhealthy { .. } if shifted => Mark::FadedReverted,
            Cause::Unhealthy { .. } => Mark::UnhealthyReverted,
            Cause::Hopeless { .. } => Mark::HopelessFast,
            Cause::Judged { .. } => Mark::JudgeFailed,
            Cause::Inconclusive { .. } => Mark::JudgeStarved,
            Cause::Smoke { .. } => Mark::SmokeFailed,
            Cause::Declined { .. } => Mark::PersonDeclined,
            Cause::Platform { .. } => Mark::PlatformGaveUp,
            Cause::Migration { .. } => Mark::MigrationDirty,
            Cause::Refused { .. } => Mark::TargetRefused,
            Cause::Timeout { .. } => Mark::TimedOut,
            Cause::Budget { .. } | Cause::Aborted { .. } => return,
        };
        self.marks.hit(mark);
    }

    pub(super) fn ended(&mut self, run: &Run, world: &World) {
        let seen = world.seen;
        self.marks.hit_if(Mark::LateLanded, seen.landed > 0);
        self.marks.hit_if(Mark::LateRefused, seen.refused > seen.sleepers_refused);
        self.marks.hit_if(Mark::SleeperRefused, seen.sleepers_refused > 0);
        self.marks.hit_if(Mark::OldAnswer, seen.old_answers > 0);
        match run.verdict() {
            Some(Verdict::Deployed { .. }) => self.deployed(run, world),
            Some(Verdict::Reverted { .. }) => self.marks.hit(Mark::Reverted),
            Some(Verdict::Refused { .. }) => self.marks.hit(Mark::Refused),
            _ => {}
        }
    }

    fn deployed(&mut self, run: &Run, world: &World) {
        let plan = run.plan();
        let steps = plan.ramp.steps();
        let rolls = steps.iter().any(|step| step.stable > Share::NONE && step.stable < Share::ALL);
        let partial =
            steps.iter().any(|step| step.traffic > Share::NONE && step.traffic < Share::ALL);
        let rollback = plan.kind == pilotage_rollout::plan::Kind::Rollback;
        self.marks.hit(Mark::Deployed);
        self.marks.hit_if(Mark::FirstDeploy, plan.from.is_none());
        self.marks.hit_if(Mark::RolledBack, rollback);
        self.marks.hit_if(Mark::FixedForward, world.has_old && !world.old.is_reliable());
        self.marks.hit_if(Mark::Delegated, plan.ramp.is_delegated());
        self.marks.hit_if(Mark::DrivenRolling, rolls);
        self.marks.hit_if(Mark::Canaried, partial && !rolls);
        self.marks.hit_if(Mark::Switched, steps.len() == 2 && !partial);
        self.marks.hit_if(Mark::MigratedFirst, plan.migration.is_some());
        self.marks.hit_if(Mark::LostUnit, self.lost_unit);
    }
}

/// What a run goes back for.
fn back(run: &Run) -> Option<&Cause> {
    match run.phase() {
        Phase::Working(work) => match &work.stage {
            Stage::Claiming { goal: Goal::Back(cause) }
            | Stage::Restoring { cause, .. }
            | Stage::Unrolling { cause }
            | Stage::Returning { cause }
            | Stage::Releasing { cause }
            | Stage::Disposing { cause }
            | Stage::Closing { cause } => Some(cause),
            _ => None,
        },
        Phase::Parked(Parked { goal: Goal::Back(cause), .. })
        | Phase::Ended(Verdict::Reverted { cause }) => Some(cause),
        Phase::Parked(_) | Phase::Ended(_) => None,
    }
}
