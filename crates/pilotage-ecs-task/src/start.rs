//! Starting a task once, whatever becomes of the answers.
//!
//! 1. It is looked for by who has started it: an earlier process, or this one before it died, may have
//!    done so.
//! 2. It is asked for, with a token that tells ECS a repetition.
//! 3. Where the answer is lost it is looked for again, for some seconds, since lists lag; only what is
//!    not found then is asked for once more, with the same token.
//!
//! A task that has ended is found for about an hour, and its end is then the answer: a name is for one
//! run, and who wants another one takes another name.

use pilotage_aws::ecs::{Launched, Shortage, Task};
use pilotage_aws::{Failure, Kind};
use pilotage_rollout::Span;

use crate::pace::Pace;
use crate::{Order, Tasks};

/// How often it is asked for at most.
const ATTEMPTS: usize = 4;
/// How long it is waited before each look after an answer that was lost.
const LOOKS: [Span; 4] = [Span::ZERO, Span::from_secs(1), Span::from_secs(2), Span::from_secs(4)];

/// A task that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its ARN.
    pub arn: String,
    /// Whether it was there before it was asked for.
    pub attached: bool,
}

/// Why there is no task.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Nobody could see whether there is one already, so that none was asked for.
    #[error("it cannot be seen whether the task runs already, and none was started")]
    Unseen(#[source] Failure),
    /// It was refused.
    #[error("no task was started")]
    Refused(#[source] Failure),
    /// There is no room for it.
    #[error("no task was started: {}", in_words(.shortages))]
    NoRoom {
        /// What ECS lists.
        shortages: Vec<Shortage>,
    },
    /// No answer has come, and it is not found. It may appear: the same name attaches to it.
    #[error(
        "nobody knows whether a task was started; run it again by the same name to attach to it"
    )]
    Unknown(#[source] Failure),
}

impl StartError {
    /// Whether it is certain that there is no task.
    pub const fn is_certain(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl Tasks {
    /// Has the task run, or attaches to it. Dropping it leaves a task that the next call finds.
    pub async fn start(&self, order: &Order) -> Result<Started, StartError> {
        if let Some(arn) = self.find(order).await.map_err(StartError::Unseen)? {
            return Ok(Started { arn, attached: true });
        }
        let (mut pace, mut lost, mut left) = (Pace::new(), None, ATTEMPTS);
        loop {
            let failure = match self.ecs.launch(&order.launch).await {
                Ok(launched) => {
                    return begun(launched).map_err(|shortages| StartError::NoRoom { shortages });
                }
                Err(failure) => failure,
            };
            let may_be = failure.may_have_happened();
            if may_be || is_conflict(&failure) {
                // Whoever cannot look does not ask again: some servers do not know tokens.
                if let Some(arn) = self.find_late(order).await.map_err(StartError::Unknown)? {
                    return Ok(Started { arn, attached: true });
                }
            }
            left -= 1;
            if left == 0 || !(may_be || failure.kind() == Kind::Throttled) {
                return Err(given_up(lost, failure));
            }
            self.clock.sleep(pace.failed(&failure)).await;
            lost = if may_be { Some(failure) } else { lost };
        }
    }

    /// The task of this run, if there is one. Should there be several, the first is the one.
    pub async fn find(&self, order: &Order) -> Result<Option<String>, Failure> {
        let (cluster, starter) = (&order.launch.cluster, &order.launch.started_by);
        let listed = self.ecs.started_by(cluster, starter).await?;
        if listed.is_empty() {
            return Ok(None);
        }
        let told = self.ecs.tasks(cluster, &listed).await?;
        let ours = told.iter().filter(|task| order.is_of(task));
        let first = ours.min_by_key(|task| task.created_at).map(|task| task.arn.clone());
        // What is listed and not described is younger than what ECS describes already.
        let is_untold = |arn: &String| !told.iter().any(|task: &Task| task.arn == *arn);
        Ok(first.or_else(|| listed.iter().find(|arn| is_untold(arn)).cloned()))
    }

    async fn find_late(&self, order: &Order) -> Result<Option<String>, Failure> {
        for wait in LOOKS {
            self.clock.sleep(wait).await;
            let found = self.find(order).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// The task; or why there is none.
fn begun(launched: Launched) -> Result<Started, Vec<Shortage>> {
    let task = launched.tasks.into_iter().next().ok_or(launched.shortages)?;
    Ok(Started { arn: task.arn, attached: false })
}

/// The token was used for a task that is made otherwise.
fn is_conflict(failure: &Failure) -> bool {
    failure.code() == Some("ConflictException")
}

/// An answer that was lost before stays lost, whatever the last one says.
fn given_up(lost: Option<Failure>, failure: Failure) -> StartError {
    match lost {
        _ if failure.may_have_happened() => StartError::Unknown(failure),
        Some(lost) => StartError::Unknown(lost),
        None => StartError::Refused(failure),
    }
}

fn in_words(shortages: &[Shortage]) -> String {
    let told: Vec<String> = shortages.iter().map(one).collect();
    if told.is_empty() { "ECS gives no reason; run it again".into() } else { told.join("; ") }
}

fn one(Shortage { arn, reason, detail }: &Shortage) -> String {
    let on = arn.as_deref().map(|arn| format!(" on `{arn}`")).unwrap_or_default();
    let detail = detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{reason}{on}{detail}; {}", advice(reason))
}

fn advice(reason: &str) -> &'static str {
    let is = |word: &str| reason.contains(word);
    if is("RESOURCE:") {
        "the container instances have no room for it: add one, or ask for less"
    } else if is("AGENT") {
        "the agent of the container instance is not connected: see that it runs"
    } else if is("ATTRIBUTE") {
        "no container instance has what the task definition needs: see `requiresAttributes`"
    } else if is("apacity") {
        "this passes: run it again, or allow another capacity provider or subnet"
    } else {
        "see that the cluster has capacity, and run it again"
    }
}
