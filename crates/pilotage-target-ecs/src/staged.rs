//! Deployments that ECS leads through stages itself: `BLUE_GREEN`, `LINEAR`, `CANARY`.
//!
//! They are asked for like any other, and told by ECS's record of them: of the deployment as a whole,
//! not of the tasks that it starts. One that waits at a hook waits for the gates of the run; one that
//! the run gives up is taken back by ECS, which still has the old tasks. A hook that nobody answers
//! ends as ECS was told, after a day where it was told nothing; no stage lasts longer than a day.

use pilotage_artifact::ReleaseId;
use pilotage_aws::Failure;
use pilotage_aws::ecs::{PastState, Service, StagedDeployment};
use pilotage_rollout::Share;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Delegation, Group, Outcome, ReadFailure};

use crate::delegation::anybodys;
use crate::fate::Begun;
use crate::known::Known;
use crate::memory::Ours;
use crate::outcome::{busy, unread, unwritten};
use crate::target::EcsTarget;

/// What is remembered of a deployment in stages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Staged {
    arn: String,
    release: ReleaseId,
    /// What of the requests it is to get, as long as it goes on.
    share: Option<Share>,
    is_underway: bool,
}

/// Whether ECS deploys this service in stages.
pub(crate) fn is_staged(service: &Service) -> bool {
    service.strategy() != "ROLLING"
}

impl EcsTarget {
    pub(crate) async fn staged(&self, service: &Service) -> Result<Delegation, ReadFailure> {
        match self.memory(|memory| memory.ours.clone()) {
            Ours::Begun { release, begun } => self.of_ours(service, release, &begun).await,
            Ours::Sent { .. } | Ours::None => self.of_the_newest(service).await,
        }
    }

    async fn of_ours(
        &self,
        service: &Service,
        release: ReleaseId,
        begun: &Begun,
    ) -> Result<Delegation, ReadFailure> {
        let known = self.memory(|memory| memory.staged.clone());
        let known = known.filter(|staged| staged.release == release && staged.is_underway);
        let arn = match known {
            Some(staged) => Some(staged.arn),
            None => self.recorded(begun).await?.map(|past| past.arn),
        };
        // The record follows the request by some seconds.
        let Some(arn) = arn else { return Ok(Delegation::Rolling { release }) };
        let seen = self.described(&arn, &release).await?;
        let is_ours = service.primary().is_some_and(|primary| {
            primary.task_definition == begun.definition
                || Some(&primary.task_definition) == begun.from.as_ref()
        });
        let is_over = matches!(seen.state, PastState::Successful | PastState::Stopped);
        if is_over && !is_ours {
            return Ok(self.catalogue(|known| anybodys(known, service)));
        }
        Ok(self.quoted(told(release, &seen), begun).await)
    }

    /// A bad end with the words of the tasks that it came of.
    async fn quoted(&self, told: Delegation, begun: &Begun) -> Delegation {
        match told {
            Delegation::Failed { release, reason } => {
                let reason = self.quoting(reason, &begun.id).await;
                Delegation::Failed { release, reason }
            }
            Delegation::RolledBack { release, reason } => {
                let reason = self.quoting(reason, &begun.id).await;
                Delegation::RolledBack { release, reason }
            }
            told => told,
        }
    }

    /// What an earlier process, or somebody else, has begun.
    async fn of_the_newest(&self, service: &Service) -> Result<Delegation, ReadFailure> {
        let anybodys = || self.catalogue(|known| anybodys(known, service));
        let Some((newest, definition)) = self.past().await?.into_iter().next() else {
            return Ok(anybodys());
        };
        let Known { release, is_ours, .. } = self.learned(&definition).await?;
        let release = release.id;
        let is_underway = newest.state == PastState::Underway;
        if is_underway || self.is_heir() && is_ours && newest.state == PastState::RolledBack {
            let seen = self.described(&newest.arn, &release).await?;
            return Ok(told(release, &seen));
        }
        Ok(anybodys())
    }

    async fn described(
        &self,
        arn: &str,
        release: &ReleaseId,
    ) -> Result<StagedDeployment, ReadFailure> {
        let seen = self.ecs.staged(&self.name, arn).await.map_err(|failure| unread(&failure))?;
        let is_underway = seen.state == PastState::Underway;
        let percent = seen.target.as_ref().and_then(|target| target.percent);
        let (arn, release) = (arn.to_owned(), release.clone());
        let share = percent.and_then(share).filter(|_| is_underway);
        let staged = Staged { arn, release, share, is_underway };
        self.memory(|memory| memory.staged = Some(staged));
        Ok(seen)
    }

    /// Requests go where ECS says, not to whatever runs.
    pub(crate) fn weigh(&self, groups: &mut [Group]) {
        let Some(staged) = self.memory(|memory| memory.staged.clone()) else { return };
        let Some(share) = staged.share.filter(|_| groups.len() > 1) else { return };
        let mut rest = share.rest();
        for group in groups {
            if group.release.id == staged.release {
                group.share = share;
            } else {
                group.share = core::mem::take(&mut rest);
            }
        }
    }

    /// The deployment that goes on and brings something else than this.
    pub(crate) fn underway(&self, wanted: &ReleaseId) -> Option<Staged> {
        let staged = self.memory(|memory| memory.staged.clone());
        staged.filter(|staged| staged.is_underway && staged.release != *wanted)
    }

    /// Has ECS go back: it still has what ran before.
    pub(crate) async fn unroll(&self, run: &RunId, staged: &Staged) -> Outcome {
        self.memory(|memory| memory.look = None);
        match self.ecs.take_back(&self.name, &staged.arn).await {
            Ok(()) => Outcome::Applied,
            Err(failure) => late(&failure, run),
        }
    }

    pub(crate) async fn proceed(&self, run: &RunId, hook: &str) -> Outcome {
        let Some(staged) = self.memory(|memory| memory.staged.clone()) else {
            return busy(format!("nothing is known that waits at `{hook}`"), run);
        };
        self.memory(|memory| memory.look = None);
        match self.ecs.proceed(&self.name, &staged.arn, hook).await {
            Ok(()) => Outcome::Applied,
            Err(failure) => late(&failure, run),
        }
    }
}

/// ECS had gone on already: that is looked at.
fn late(failure: &Failure, run: &RunId) -> Outcome {
    match failure.code() {
        Some("ConflictException") => busy(failure.to_string(), run),
        _ => unwritten(failure, run),
    }
}

fn told(release: ReleaseId, seen: &StagedDeployment) -> Delegation {
    let stage = seen.stage.as_deref().unwrap_or("an unknown stage");
    let why = seen.status_reason.as_deref().filter(|why| !why.is_empty());
    let why = why.unwrap_or("ECS gives no reason");
    match &seen.state {
        PastState::Successful => Delegation::Complete { release },
        PastState::RolledBack => {
            Delegation::RolledBack { release, reason: format!("at {stage}: {why}") }
        }
        PastState::Stopped => {
            Delegation::Failed { release, reason: format!("stopped at {stage}: {why}") }
        }
        PastState::RollbackFailed => {
            let reason = format!("ECS could not even go back, at {stage}: {why}");
            Delegation::Failed { release, reason }
        }
        PastState::Underway | PastState::Other(_) => match seen.waits_at() {
            Some(hook) => Delegation::Awaiting { release, hook: hook.id.clone() },
            None => Delegation::Rolling { release },
        },
    }
}

/// A share from percent, which may have a tenth.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is looked at first"
)]
fn share(percent: f64) -> Option<Share> {
    let points = (percent * 100.0).round();
    let points = (0.0..=10_000.0).contains(&points).then_some(points as u16)?;
    Share::from_basis_points(points).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn of(more: &Value) -> Delegation {
        let mut seen = json!({ "serviceDeploymentArn": "d1", "lifecycleStage": "SCALE_UP" });
        let fields = more.as_object().cloned().unwrap_or_default();
        seen.as_object_mut().expect("an object").extend(fields);
        let seen = serde_json::from_value(seen).expect("a deployment");
        told("v2".parse().expect("a name"), &seen)
    }

    #[test]
    fn only_what_ecs_calls_successful_is() {
        let states = [
            ("SUCCESSFUL", "Complete"),
            ("PENDING", "Rolling"),
            ("IN_PROGRESS", "Rolling"),
            ("ALMOST_THERE", "Rolling"),
            ("STOPPED", "Failed"),
            ("STOP_REQUESTED", "Failed"),
            ("ROLLBACK_REQUESTED", "RolledBack"),
            ("ROLLBACK_SUCCESSFUL", "RolledBack"),
            ("ROLLBACK_FAILED", "Failed"),
        ];
        for (state, expected) in states {
            let seen = format!("{:?}", of(&json!({ "status": state })));
            assert!(seen.starts_with(expected), "{state}: {seen}");
        }
    }

    #[test]
    fn a_hook_waits_only_while_it_wants_a_word() {
        let hook = |status: &str| json!([{ "hookId": "h1", "status": status }]);
        let at =
            |status| of(&json!({ "status": "IN_PROGRESS", "lifecycleHookDetails": hook(status) }));
        assert!(matches!(at("AWAITING_ACTION"), Delegation::Awaiting { hook, .. } if hook == "h1"));
        for other in ["IN_PROGRESS", "SUCCEEDED", "FAILED", "TIMED_OUT", "DREAMING"] {
            assert!(matches!(at(other), Delegation::Rolling { .. }), "{other}");
        }
        assert_eq!(
            [0.0, 12.5, 100.0, 100.1].map(share).map(|share| share.map(Share::basis_points)),
            [Some(0), Some(1_250), Some(10_000), None]
        );
    }
}
