//! One run: started or attached to, watched, ended where it is to end, and judged.

use std::future::Future;

use pilotage_rollout::Span;

use crate::ending::{Ended, Ending};
use crate::told::{Told, Watcher, Why};
use crate::watch::{Seen, Watch};
use crate::{Order, StartError, Tasks};

/// How long a task may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All of it, from being asked for to its end; a task that is not done then is stopped.
    pub deadline: Span,
}

/// What became of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has ended.
    Ended(Ended),
    /// It was told to end, and it has.
    Stopped {
        /// Why.
        why: Why,
        /// How it has.
        ended: Ended,
    },
    /// Nobody can tell.
    Unknown {
        /// Which task it is.
        arn: String,
        /// What is known.
        reason: String,
    },
}

impl Tasks {
    /// Has a task run to its end. If `cancel` completes first, the task is stopped; that it is being
    /// started just then does not matter.
    pub async fn run(
        &self,
        order: &Order,
        limits: Limits,
        cancel: impl Future<Output = ()>,
        tell: Watcher<'_>,
    ) -> Result<Outcome, StartError> {
        let begun = self.clock.elapsed();
        let started = self.start(order).await?;
        let arn = started.arn.clone();
        tell(if started.attached { Told::Attached { arn } } else { Told::Started { arn } });
        Ok(self.watch(order, &started.arn, begun + limits.deadline, cancel, tell).await)
    }

    /// Ends a task that was started, and waits until it has.
    pub async fn end(&self, order: &Order, arn: &str) -> Outcome {
        let quiet: Watcher<'_> = &mut |_| ();
        self.stop(Watch::new(self, order, arn), Why::Cancelled, quiet).await
    }

    /// Watches a task that was started to its end, or to this time of the clock.
    async fn watch(
        &self,
        order: &Order,
        arn: &str,
        deadline: Span,
        cancel: impl Future<Output = ()>,
        tell: Watcher<'_>,
    ) -> Outcome {
        let mut watch = Watch::new(self, order, arn);
        let why = tokio::select! {
            biased;
            () = cancel => Why::Cancelled,
            seen = watch.until(deadline, tell) => match seen {
                Seen::Ended(task) => return Outcome::Ended(watch.ended(&task, tell).await),
                Seen::Lost(reason) => return Outcome::Unknown { arn: arn.into(), reason },
                Seen::NotYet => Why::Deadline,
            },
        };
        self.stop(watch, why, tell).await
    }

    async fn stop(&self, mut watch: Watch<'_>, why: Why, tell: Watcher<'_>) -> Outcome {
        tell(Told::Stopping { why });
        let arn = watch.arn.to_owned();
        match watch.stop(why, tell).await {
            Seen::Ended(task) => {
                let ended = watch.ended(&task, tell).await;
                // One that was faster has ended by itself.
                let is_stopped = ended.ending == Ending::Stopped;
                if is_stopped { Outcome::Stopped { why, ended } } else { Outcome::Ended(ended) }
            }
            Seen::Lost(reason) => Outcome::Unknown { arn, reason },
            Seen::NotYet => {
                let reason = "it was told to end, and ECS does not say that it has".into();
                Outcome::Unknown { arn, reason }
            }
        }
    }
}
