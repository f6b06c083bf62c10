//! Watching a task until it has ended, and telling it to end.
//!
//! A task that is asked for shows a little later, and one that has ended is shown for an hour. Between
//! the two nothing is concluded from its absence before [`GRACE`] is over, which is measured by this
//! process's own clock, from its own last sight of it.

use pilotage_aws::ecs::Task;
use pilotage_aws::{Failure, Kind};
use pilotage_rollout::Span;

use crate::ending::Ended;
use crate::listen::Listener;
use crate::pace::Pace;
use crate::told::{Told, Watcher, Why};
use crate::{Order, Tasks};

/// How long a task may be missing before it is thought that there is none.
pub const GRACE: Span = Span::from_mins(2);
/// How long ECS takes beyond the containers' own time to end a task.
const CLEARING: Span = Span::from_mins(2);

/// What was seen.
pub(crate) enum Seen {
    /// It has ended.
    Ended(Box<Task>),
    /// Nobody will ever know.
    Lost(String),
    /// It goes on.
    NotYet,
}

/// One task that is watched.
pub(crate) struct Watch<'a> {
    tasks: &'a Tasks,
    order: &'a Order,
    pub(crate) arn: &'a str,
    listener: Listener,
    pace: Pace,
    state: String,
    last_seen: Span,
    is_blind: bool,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(tasks: &'a Tasks, order: &'a Order, arn: &'a str) -> Self {
        let id = arn.rsplit('/').next().unwrap_or(arn);
        let listener = Listener::new(&tasks.logs, &tasks.veil, order.recipe.draft(), id);
        let last_seen = tasks.clock.elapsed();
        let (state, is_blind) = (String::new(), false);
        Self { tasks, order, arn, listener, pace: Pace::new(), state, last_seen, is_blind }
    }

    /// Looks until it has ended, or until this time.
    pub(crate) async fn until(&mut self, deadline: Span, tell: Watcher<'_>) -> Seen {
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
    pub(crate) async fn stop(&mut self, why: Why, tell: Watcher<'_>) -> Seen {
        let clock = &self.tasks.clock;
        let until = clock.elapsed() + self.order.stop_timeout() + CLEARING;
        let cluster = &self.order.launch.cluster;
        loop {
            let asked = self.tasks.ecs.stop(cluster, self.arn, why.reason()).await;
            let Err(failure) = asked else { break };
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

    pub(crate) async fn ended(&mut self, task: &Task, tell: Watcher<'_>) -> Ended {
        let clock = &*self.tasks.clock;
        self.listener.drain(task, clock, &mut |heard| tell(Told::Heard(heard))).await;
        Ended::of(task, &self.order.counted)
    }
}
