//! Who notices the situations that must really have occurred.

use pilotage_rollout::run::{Goal, Holding, Parked, Phase, Progress, Stage, Why};
use pilotage_rollout::target::{Action, Order, Outcome, Schema};
use pilotage_rollout::{Cause, Effect, Event, Moment, Run, Share, Verdict};

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

/// A place worth a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The platform waits at a hook.
    Hook,
    /// A smoke check has failed once.
    FailedSmoke,
    Elsewhere,
}

/// What is remembered of a run before an event.
#[derive(Debug)]
pub(super) struct Glimpse {
    works: bool,
    goes_back: bool,
    size: u16,
    since: Moment,
    tries: u8,
    place: Place,
    action: Option<Action>,
}

impl Glimpse {
    pub(super) fn of(run: &Run) -> Self {
        let work = match run.phase() {
            Phase::Working(work) => Some(work),
            Phase::Parked(_) | Phase::Ended(_) => None,
        };
        let stage = work.map(|work| &work.stage);
        let smokes = |holding: &Holding| matches!(holding.progress, Progress::Smoking { .. });
        Self {
            works: work.is_some(),
            goes_back: run.goes_back(),
            size: run.size(),
            since: work.map_or(run.now(), |work| work.pace.since),
            tries: work.map_or(0, |work| work.pace.tries),
            place: match stage {
                Some(Stage::Proceeding { .. }) => Place::Hook,
                Some(Stage::Holding(holding)) if smokes(holding) => Place::FailedSmoke,
                _ => Place::Elsewhere,
            },
            action: match run.effect() {
                Effect::Act(order) => Some(order.action.clone()),
                _ => None,
            },
        }
    }
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

    pub(super) fn happened(&mut self, event: &Event, before: &Glimpse, after: &Run, world: &World) {
        self.answered(event, before, after);
        self.marks.hit_if(Mark::Resized, after.size() > before.size);
        self.lost_unit |= world.meddling.new_lost_at.is_some();
        if let Event::Aborted { .. } = event {
            self.aborted(after, world);
        }
        if let (Phase::Parked(parked), true) = (after.phase(), before.works) {
            self.parked(parked);
        }
        if let (Some(cause), false) = (back(after), before.goes_back) {
            self.turned_back(cause, world);
        }
        let waits = matches!(event, Event::Inspected(Ok(Schema::Applying)));
        self.marks.hit_if(Mark::MigrationAwaited, waits && before.tries == 0);
        self.marks.hit_if(Mark::PlatformPaused, before.place == Place::Hook);
        let passes = matches!(event, Event::Probed(Ok(())));
        self.marks.hit_if(Mark::SmokeRecovered, before.place == Place::FailedSmoke && passes);
    }

    fn answered(&mut self, event: &Event, before: &Glimpse, after: &Run) {
        match event {
            Event::Acted(Outcome::Unknown { .. }) => {
                self.unanswered.clone_from(&before.action);
                self.doubted = true;
            }
            Event::Observed(Ok(_)) if self.unanswered.is_some() => {
                let moved = matches!(after.phase(), Phase::Working(work)
                    if before.works && work.pace.since != before.since);
                self.marks.hit_if(Mark::UnknownWasApplied, moved);
                if moved {
                    self.unanswered = None;
                }
            }
            _ => {}
        }
    }

    fn aborted(&mut self, run: &Run, world: &World) {
        let shifted = world.router.gives > Share::NONE;
        let retired = world.has_old && world.old.desired() == 0;
        let delegated = run.plan().ramp.is_delegated();
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
