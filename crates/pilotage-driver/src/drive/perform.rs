//! Performing the effects that write nothing, each under its deadline.

use pilotage_judge::{MetricName, Reading};
use pilotage_rollout::gate::Smoke;
use pilotage_rollout::run::Answer;
use pilotage_rollout::target::{Action, Order, Outcome, ReadFailure};
use pilotage_rollout::{Effect, Event, Moment, Run, Span};

use super::time::{RunClock, silence, within};
use super::{Crew, Patience};
use pilotage_rollout::journal::RunId;

/// What an effect may need: who performs it, how long it may take, and for which run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stage<'a> {
    pub(super) crew: &'a Crew,
    pub(super) patience: &'a Patience,
    pub(super) time: &'a RunClock,
    pub(super) id: &'a RunId,
    pub(super) run: &'a Run,
}

impl Stage<'_> {
    /// Performs an effect that writes nothing, and gives the event that answers it.
    pub(super) async fn ask(self, effect: Effect) -> Option<Event> {
        Some(match effect {
            Effect::Observe => self.observe().await,
            Effect::Inspect => self.inspect().await,
            Effect::Probe(smoke) => self.probe(&smoke).await,
            Effect::Measure { metrics, from, to } => self.measure(&metrics, from, to).await,
            Effect::Ask { question } => self.question(&question).await,
            Effect::Wait { until } => self.wait(until).await,
            Effect::Act(_) | Effect::Finish => return None,
        })
    }

    /// Carries out an order, once.
    pub(super) async fn apply(self, order: &Order) -> Outcome {
        let Crew { migrator, target, .. } = self.crew;
        let (limit, call) = match order.action {
            Action::Migrate { .. } => {
                (self.run.plan().limits.migrate, migrator.apply(self.id, order))
            }
            _ => (self.patience.order, target.apply(self.id, order)),
        };
        let outcome = self.within(limit, call).await;
        outcome.unwrap_or_else(|| Outcome::Unknown { reason: silence(limit) })
    }

    async fn observe(self) -> Event {
        let limit = self.patience.read;
        let seen = self.within(limit, self.crew.target.observe()).await;
        Event::Observed(seen.unwrap_or_else(|| Err(unanswered(limit))))
    }

    async fn inspect(self) -> Event {
        let limit = self.patience.read;
        let Some(migration) = &self.run.plan().migration else {
            let reason = "the plan names no migrations".into();
            return Event::Inspected(Err(ReadFailure::Refused { reason }));
        };
        let seen = self.within(limit, self.crew.migrator.inspect(migration)).await;
        Event::Inspected(seen.unwrap_or_else(|| Err(unanswered(limit))))
    }

    async fn probe(self, smoke: &Smoke) -> Event {
        let limit = self.patience.probe;
        let check = self.crew.probe.check(&self.run.plan().to, smoke);
        let result = self.within(limit, check).await;
        Event::Probed(result.unwrap_or_else(|| Err(silence(limit))))
    }

    async fn measure(self, metrics: &[MetricName], from: Moment, to: Moment) -> Event {
        let limit = self.patience.measure;
        let (from, to) = (self.time.on_the_wall(from), self.time.on_the_wall(to));
        let readings = self.within(limit, self.crew.metrics.read(metrics, from, to)).await;
        Event::Measured(readings.unwrap_or_else(|| missing(metrics.len(), &silence(limit))))
    }

    async fn question(self, question: &str) -> Event {
        let limit = self.patience.answer;
        let answer = self.within(limit, self.crew.approvals.answer(self.id, question)).await;
        Event::Answered(answer.unwrap_or(Answer::Pending))
    }

    async fn wait(self, until: Moment) -> Event {
        self.crew.clock.sleep(until.since(self.time.now())).await;
        Event::Woke
    }

    async fn within<T>(self, limit: Span, answer: impl Future<Output = T>) -> Option<T> {
        within(&*self.crew.clock, limit, answer).await
    }
}

fn unanswered(limit: Span) -> ReadFailure {
    ReadFailure::Unavailable { reason: silence(limit), retry_after: None }
}

/// As many readings as were asked for, none of which shows anything.
pub(super) fn missing(count: usize, reason: &str) -> Vec<Reading> {
    vec![Reading::Missing { reason: reason.into() }; count]
}
