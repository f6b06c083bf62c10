//! Watching a task until it has ended, and ending it where it is to end.
//!
//! A task that is asked for shows a little later, and one that has ended is shown for an hour. Between
//! the two nothing is concluded from its absence before [`GRACE`] is over, which is measured by this
//! process's own clock, from its own last sight of it.

use std::future::Future;

use pilotage_aws::ecs::Task;
use pilotage_aws::{Failure, Kind};
use pilotage_rollout::Span;

use crate::ending::{Ended, Ending};
use crate::listen::{Heard, Listener};
use crate::pace::Pace;
use crate::{Order, StartError, Tasks};

/// How long a task may be missing before it is thought that there is none.
pub const GRACE: Span = Span::from_mins(2);
/// How long ECS takes beyond the containers' own time to end a task.
const CLEARING: Span = Span::from_mins(2);

/// How long a task may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All of it, from being asked for to its end; a task that is not done then is stopped.
    pub deadline: Span,
}

/// What is told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The task was started.
    Started {
        /// Its ARN.
        arn: String,
    },
    /// It was there already.
    Attached {
        /// Its ARN.
        arn: String,
    },
    /// It has come into another state.
    State {
        /// In ECS's word.
        state: String,
    },
    /// It cannot be seen just now.
    Unseen {
        /// Why.
        reason: String,
    },
    /// It is told to end.
    Stopping {
        /// Why.
        why: Why,
    },
    /// A container has said something, or cannot be heard.
    Heard(Heard),
}

/// Why a task was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its time was over.
    Deadline,
    /// Somebody has asked for it.
    Cancelled,
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

/// Who wants to know.
pub type Watcher<'a> = &'a mut (dyn FnMut(Told) + Send);

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

/// What was seen.
enum Seen {
    Ended(Box<Task>),
    /// Nobody will ever know.
    Lost(String),
    NotYet,
}

/// One task that is watched.
struct Watch<'a> {
    tasks: &'a Tasks,
    order: &'a Order,
    arn: &'a str,
    listener: Listener,
    pace: Pace,
    state: String,
    last_seen: Span,
    is_blind: bool,
}

impl<'a> Watch<'a> {
    fn new(tasks: &'a Tasks, order: &'a Order, arn: &'a str) -> Self {
        let id = arn.rsplit('/').next().unwrap_or(arn);
        let listener = Listener::new(&tasks.logs, &tasks.veil, order.recipe.draft(), id);
        let last_seen = tasks.clock.elapsed();
        let (state, is_blind) = (String::new(), false);
        Self { tasks, order, arn, listener, pace: Pace::new(), state, last_seen, is_blind }
    }

    /// Looks until it has ended, or until this time.
    async fn until(&mut self, deadline: Span, tell: Watcher<'_>) -> Seen {
        let clock = &self.tasks.clock;
        loop {
            let pause = match self.look().await {
                Ok(Some(task)) if task.last_status == "STOPPED" => {
                    return Seen::Ended(Box::new(task));
                }
                Ok(Some(task)) => {
                    self.see(&task, tell);
                    self.pace.answered()
                }
                Ok(None) if self.is_forgotten() => return Seen::Lost(self.forgotten()),
                Ok(None) => self.pace.answered(),
                Err(failure) if failure.kind().stays() => {
                    return Seen::Lost(format!("it cannot be seen any more: {failure}"));
                }
                Err(failure) => self.blinded(&failure, tell),
            };
            self.listener.hear(&mut |heard| tell(Told::Heard(heard))).await;
            let left = deadline.as_millis().saturating_sub(clock.elapsed().as_millis());
            if left == 0 {
                return Seen::NotYet;
            }
            clock.sleep(pause.min(Span::from_millis(left))).await;
        }
    }

    async fn look(&self) -> Result<Option<Task>, Failure> {
        let arns = [self.arn.to_owned()];
        let found = self.tasks.ecs.tasks(&self.order.launch.cluster, &arns).await?;
        Ok(found.into_iter().next())
    }

    fn see(&mut self, task: &Task, tell: Watcher<'_>) {
        (self.last_seen, self.is_blind) = (self.tasks.clock.elapsed(), false);
        if self.state != task.last_status {
            self.state.clone_from(&task.last_status);
            tell(Told::State { state: self.state.clone() });
        }
    }

    /// Not to be answered is no absence; it is told once in a row.
    fn blinded(&mut self, failure: &Failure, tell: Watcher<'_>) -> Span {
        self.last_seen = self.tasks.clock.elapsed();
        if !std::mem::replace(&mut self.is_blind, true) && failure.kind() != Kind::Throttled {
            tell(Told::Unseen { reason: failure.to_string() });
        }
        self.pace.failed(failure)
    }

    fn is_forgotten(&self) -> bool {
        let now = self.tasks.clock.elapsed();
        now.as_millis().saturating_sub(self.last_seen.as_millis()) > GRACE.as_millis()
    }

    fn forgotten(&self) -> String {
        let when = if self.state.is_empty() { "never did" } else { "does no more" };
        let minutes = GRACE.as_millis() / 60_000;
        format!(
            "ECS {when} show it, for {minutes} minutes: how it ended is unknown; see its log, or what it \
             was to do"
        )
    }

    /// Has it end, and waits for that as long as its containers may take.
    async fn stop(&mut self, why: Why, tell: Watcher<'_>) -> Seen {
        let clock = &self.tasks.clock;
        let until = clock.elapsed() + self.order.stop_timeout() + CLEARING;
        let cluster = &self.order.launch.cluster;
        loop {
            let failure = match self.tasks.ecs.stop(cluster, self.arn, why.reason()).await {
                Ok(_) => break,
                Err(failure) => failure,
            };
            let is_final = failure.kind().stays() || clock.elapsed() >= until;
            // It may have ended meanwhile, or not show yet.
            if is_final && failure.kind() != Kind::Missing && failure.kind() != Kind::Refused {
                return Seen::Lost(format!("it could not be stopped, and goes on: {failure}"));
            }
            if is_final {
                break;
            }
            clock.sleep(self.pace.failed(&failure)).await;
        }
        self.pace = Pace::new();
        self.until(until, tell).await
    }

    async fn ended(&mut self, task: &Task, tell: Watcher<'_>) -> Ended {
        let clock = &*self.tasks.clock;
        self.listener.drain(task, clock, &mut |heard| tell(Told::Heard(heard))).await;
        Ended::of(task, &self.order.counted)
    }
}

impl Why {
    /// What ECS is told, and shows as the reason.
    const fn reason(self) -> &'static str {
        match self {
            Self::Deadline => "pilotage: its time is over",
            Self::Cancelled => "pilotage: it was cancelled",
        }
    }
}
