//! Bugs in what a process makes of what it sees.

use pilotage_judge::{Counts, Reading};
use pilotage_rollout::run::{Answer, Phase, Stage};
use pilotage_rollout::target::{Delegation, Group, Outcome, ReadFailure, Rejection, Schema};
use pilotage_rollout::{Event, Observation, Run, Share};

use super::Bug;
use crate::sim::world::World;

impl Bug {
    /// What the process believes that it saw.
    pub(in crate::sim) fn bend_event(self, event: &mut Event, run: &Run, world: &World) {
        match event {
            Event::Observed(result) => {
                if let Ok(seen) = result {
                    self.bend_observation(seen, run, world);
                }
                let down = world.has_old && world.old.ready(world.now) == 0;
                if self == Self::Flagger639 && down {
                    let reason = String::from("primary is not ready");
                    *result = Err(ReadFailure::Unavailable { reason, retry_after: None });
                }
            }
            Event::Acted(outcome) => self.bend_outcome(outcome),
            Event::Measured(readings) => self.bend_readings(readings),
            Event::Inspected(Ok(schema)) => self.bend_schema(schema),
            Event::Probed(result) if self == Self::SmokeIgnored => *result = Ok(()),
            Event::Answered(answer) if self == Self::PersonIgnored => {
                *answer = Answer::Approved { by: "nobody".into() };
            }
            Event::LeaseLost { .. } if self == Self::ActWithoutLease => *event = Event::Woke,
            _ => {}
        }
    }

    fn bend_outcome(self, outcome: &mut Outcome) {
        if self == Self::TimeoutMeansFailed
            && let Outcome::Unknown { reason } = outcome
        {
            let reason = core::mem::take(reason);
            *outcome = Outcome::NotApplied(Rejection::Busy { reason, retry_after: None });
        }
    }

    fn bend_readings(self, readings: &mut [Reading]) {
        for reading in readings {
            let missing = !crate::sim::world::has_data(reading);
            if self == Self::JudgeIgnored || self == Self::PromoteOnNoData && missing {
                let counts = |total| Counts::new(total / 1_000, total).ok();
                if let Some((stable, candidate)) = counts(200_000).zip(counts(20_000)) {
                    *reading = Reading::Ratio { stable, candidate };
                }
            }
        }
    }

    fn bend_schema(self, schema: &mut Schema) {
        match (self, &schema) {
            (Self::SkipMigration, _) => *schema = Schema::Applied,
            (Self::RerunDirty, Schema::Dirty { .. }) => *schema = Schema::Absent,
            _ => {}
        }
    }

    fn bend_observation(self, seen: &mut Observation, run: &Run, world: &World) {
        let Phase::Working(work) = run.phase() else { return };
        let (new, old) = (&world.new.release.id, &world.old.release.id);
        let intended = run.intended_share();
        match (self, &work.stage) {
            (Self::FenceOnWriteOnly, _) => seen.fence = run.fence(),
            (Self::AdoptStranger, _) => {
                seen.groups.retain(|group| group.release.id == *new || group.release.id == *old);
            }
            (Self::AdoptRemade, _) => seen.incarnation = run.plan().incarnation,
            (Self::RolledBackIsSuccess, _) => celebrate(seen, run, world),
            (Self::OverwriteDrift, _) if world.meddling.rerouted.is_some() => {
                set_share(seen, world, Share::NONE);
            }
            (Self::ProofOverRestart, _) => on(seen, new, |group| group.restarts = 0),
            (Self::WrongDigest, _) => {
                let digest = run.plan().to.digest;
                on(seen, new, |group| group.release.digest = digest);
            }
            (Self::StarveCandidate, _) => {
                let size = run.size();
                on(seen, new, |group| {
                    if group.desired > 0 {
                        group.desired = size;
                        group.ready = if group.ready > 0 { size } else { 0 };
                    }
                });
            }
            (Self::SkipHealthGate, Stage::Proving { .. })
            | (
                Self::HealthUnwatched,
                Stage::Holding(_) | Stage::Draining { .. } | Stage::Trimming { .. },
            ) => {
                on(seen, new, |group| group.ready = group.desired);
            }
            (Self::Flagger1202, Stage::Restoring { .. }) if world.old.is_reliable() => {
                on(seen, old, |group| group.ready = group.desired);
            }
            (Self::Flagger1931, Stage::Restoring { .. } | Stage::Returning { .. })
                if !world.old.is_reliable() =>
            {
                on(seen, old, |group| group.ready = group.desired);
            }
            (Self::RetireUndrained, Stage::Draining { .. }) => {
                on(seen, old, |group| group.in_flight = Some(0));
            }
            (Self::RetireUndrained, Stage::Releasing { .. }) => {
                on(seen, new, |group| group.in_flight = Some(0));
            }
            (Self::TrustContainerList, _) => {
                let (size, desired) = (run.size(), world.new.desired());
                if desired >= size {
                    set_share(seen, world, Share::ALL);
                }
            }
            (Self::NoReadBack, Stage::Shifting { .. }) if work.pace.sent_at.is_some() => {
                set_share(seen, world, intended.unwrap_or(Share::NONE));
            }
            (Self::NoReadBack, Stage::Returning { .. }) if work.pace.sent_at.is_some() => {
                set_share(seen, world, Share::NONE);
            }
            _ => {}
        }
    }
}

fn on(
    seen: &mut Observation,
    release: &pilotage_artifact::ReleaseId,
    change: impl FnOnce(&mut Group),
) {
    if let Some(group) = seen.groups.iter_mut().find(|group| group.release.id == *release) {
        change(group);
    }
}

fn set_share(seen: &mut Observation, world: &World, share: Share) {
    on(seen, &world.new.release.id, |group| group.share = share);
    on(seen, &world.old.release.id, |group| group.share = share.rest());
}

/// The platform is stable, so all must be well.
fn celebrate(seen: &mut Observation, run: &Run, world: &World) {
    let failed =
        matches!(seen.delegation, Delegation::RolledBack { .. } | Delegation::Failed { .. });
    if !failed {
        return;
    }
    let release = world.new.release.clone();
    let size = run.size();
    seen.delegation = Delegation::Complete { release: release.id.clone() };
    seen.groups = vec![Group {
        release,
        desired: size,
        ready: size,
        restarts: 0,
        in_flight: None,
        share: Share::ALL,
        failing: Vec::new(),
    }];
}
