//! A driver without I/O: it carries a run through its effects on a toy target, writes the journal,
//! and can be stopped and taken up again before, during and after any of them.

use std::sync::Arc;

use pilotage_rollout::journal::{Entry, Record, RunId};
use pilotage_rollout::run::{Illegal, Phase, Stage, Why};
use pilotage_rollout::target::Fence;
use pilotage_rollout::{Cause, Effect, Event, Moment, Plan, Run, Span, Verdict};

use crate::fixtures::START;
use crate::toy::Toy;

/// More effects than any run of these tests needs.
const ENDLESS: usize = 20_000;

#[derive(Debug, Clone)]
pub(crate) struct Voyage {
    pub(crate) run: Run,
    pub(crate) toy: Toy,
    pub(crate) now: Moment,
    pub(crate) journal: Vec<Record>,
}

impl Voyage {
    pub(crate) fn new(plan: &Arc<Plan>, toy: Toy) -> Self {
        let (plan, fence) = (Arc::clone(plan), Fence(toy.truth.fence.0 + 1));
        let run = Run::open(Arc::clone(&plan), fence, START);
        let entry = Entry::Opened { schema: 1, run: RunId("run-1".into()), plan, fence };
        Self { run, toy, now: START, journal: vec![Record { at: START, entry }] }
    }

    fn write_down(&mut self, entry: Entry) {
        self.journal.push(Record { at: self.now, entry });
    }

    /// Has this event reach the run, now.
    pub(crate) fn feed(&mut self, event: Event) {
        self.run = self.run.clone().advance(self.now, &event).unwrap();
        self.write_down(Entry::Happened(event));
        let waits =
            |run: &Run| matches!(run.effect(), Effect::Wait { until } if *until <= run.now());
        assert!(!waits(&self.run), "a wait that lies in the past: {:?}", self.run.effect());
    }

    /// What the run says to an event that it cannot have met.
    pub(crate) fn illegal(&self, event: &Event) -> Illegal {
        self.run.clone().advance(self.now, event).unwrap_err()
    }

    /// Writes down the intent, if the next effect has one.
    pub(crate) fn intend(&mut self) {
        if let Effect::Act(order) = self.run.effect() {
            self.write_down(Entry::Intent(order.clone()));
        }
    }

    /// Carries out the next effect and says what came of it, without telling the run.
    pub(crate) fn perform(&mut self) -> Event {
        self.now = self.now + Span::from_millis(1);
        if let Effect::Wait { until } = self.run.effect() {
            self.now = *until;
        }
        self.toy.pass(self.now);
        match self.run.effect() {
            Effect::Act(order) => Event::Acted(self.toy.act(order, self.now)),
            Effect::Observe => Event::Observed(self.toy.look(self.now)),
            Effect::Inspect => Event::Inspected(Ok(self.toy.schema.clone())),
            Effect::Probe(_) if self.toy.smoke_failures > 0 => {
                self.toy.smoke_failures -= 1;
                Event::Probed(Err("502".into()))
            }
            Effect::Probe(_) => Event::Probed(Ok(())),
            Effect::Measure { metrics, .. } => {
                Event::Measured(vec![self.toy.reading.clone(); metrics.len()])
            }
            Effect::Ask { .. } => Event::Answered(self.toy.answer.clone()),
            Effect::Wait { .. } => Event::Woke,
            Effect::Finish => panic!("nothing is left to do: {:?}", self.run.phase()),
        }
    }

    pub(crate) fn step(&mut self) {
        self.intend();
        let event = self.perform();
        self.feed(event);
    }

    /// Goes on until this holds.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..ENDLESS {
            if holds(self) {
                return;
            }
            let phase = self.run.phase();
            assert!(self.run.verdict().is_none(), "ended before {what}: {phase:?}");
            self.step();
        }
        panic!("never {what}: {:?}", self.run.phase());
    }

    /// Goes on until the run works on the stage of this name.
    pub(crate) fn reach(&mut self, stage: &str) {
        self.until(stage, |voyage| voyage.stage() == stage);
    }

    /// Goes on until the run is about to send an order that reads like this.
    pub(crate) fn about_to(&mut self, order: &str) {
        self.until(order, |voyage| {
            matches!(voyage.run.effect(), Effect::Act(next) if next.action.to_string() == order)
        });
    }

    /// Goes on until there is a verdict.
    pub(crate) fn sail(&mut self) -> Verdict {
        self.until("a verdict", |voyage| voyage.run.verdict().is_some());
        self.run.verdict().unwrap()
    }

    /// Another process takes the run up, under the next fence.
    pub(crate) fn resume(&mut self, dangling: bool) {
        let fence = Fence(self.run.fence().0.max(self.toy.truth.fence.0) + 1);
        self.feed(Event::Resumed { fence, dangling });
    }

    /// The name of the stage that the run works on.
    pub(crate) fn stage(&self) -> String {
        match self.run.phase() {
            Phase::Working(work) => name(&work.stage),
            Phase::Parked(_) => "parked".into(),
            Phase::Ended(_) => "ended".into(),
        }
    }

    /// Why the run stands still.
    pub(crate) fn parked(&self) -> &Why {
        match self.run.phase() {
            Phase::Parked(parked) => &parked.why,
            phase => panic!("not parked: {phase:?}"),
        }
    }
}

fn name(stage: &Stage) -> String {
    let text = format!("{stage:?}");
    text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
}

pub(crate) fn aborted() -> Event {
    Event::Aborted { by: "ana".into() }
}

/// What failed, if the run went back for it.
pub(crate) fn reverted(verdict: Verdict) -> Cause {
    match verdict {
        Verdict::Reverted { cause } => cause,
        other => panic!("not reverted: {other}"),
    }
}
