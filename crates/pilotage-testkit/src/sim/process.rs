//! One process that drives the run, in the very order of the asynchronous driver: intent before
//! the call, outcome after it, every event written down before the run acts upon it.

use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::run::Answer;
use pilotage_rollout::target::{Fencing, Order, Stamp};
use pilotage_rollout::{Effect, Event, Moment, Run, Span};

use super::label::Label;
use super::mark::Mark;
use super::trial::{Death, Trial};
use super::violation::{Violation, require};

/// Events of one process after which it can only be going round in circles.
const STEPS: u32 = 20_000;
/// Time that one process may take at most.
const PATIENCE: Span = Span::from_mins(60 * 12);

/// What came of an effect.
enum Came {
    Event(Event),
    Crash,
}

impl Trial {
    /// Drives the run until it has a verdict or the process dies.
    pub(super) fn live(&mut self, mut run: Run) -> Result<Death, Violation> {
        let (born, mut died_of_lease) = (self.world.now, false);
        for _ in 0..STEPS {
            if matches!(run.effect(), Effect::Finish) {
                return Ok(if died_of_lease {
                    Death::Crash
                } else {
                    Death::Verdict(Box::new(run))
                });
            }
            if self.choices.pick(Label::CrashIdle) > 0 {
                self.witness.crashed(&run, self.stats.processes);
                return Ok(Death::Crash);
            }
            if let Some(bug) = self.bug {
                bug.meddle(self, &run)?;
            }
            let Came::Event(mut event) = self.perform(&run)? else {
                self.witness.crashed(&run, self.stats.processes);
                return Ok(Death::Crash);
            };
            self.ledger.standing(&self.world)?;
            if let Some(bug) = self.bug {
                bug.bend_event(&mut event, &run, &self.world);
            }
            if self.choices.pick(Label::Journal) > 0 {
                self.witness.marks.hit(Mark::JournalFailed);
                return Ok(Death::Crash);
            }
            died_of_lease |= matches!(event, Event::LeaseLost { .. });
            run = self.record(run, event)?;
            require(self.world.now.since(born) < PATIENCE, "I30", || {
                format!("one process took {}", self.world.now.since(born))
            })?;
        }
        Err(Violation::new("I30", format!("one process took {STEPS} events")))
    }

    fn perform(&mut self, run: &Run) -> Result<Came, Violation> {
        let event = match run.effect() {
            Effect::Act(order) => return self.act(order, run),
            Effect::Observe => self.observe()?,
            Effect::Inspect => {
                self.ledger.called(&self.world)?;
                Event::Inspected(self.world.inspect(&mut self.choices))
            }
            Effect::Probe(_) => {
                self.ledger.called(&self.world)?;
                let passed = self.world.smoke(&mut self.choices);
                self.ledger.probed(passed, &self.world);
                Event::Probed(if passed { Ok(()) } else { Err("503 Service Unavailable".into()) })
            }
            Effect::Measure { metrics, .. } => {
                self.ledger.called(&self.world)?;
                let readings: Vec<_> =
                    metrics.iter().map(|_| self.world.measure(&mut self.choices)).collect();
                self.ledger.measured(&readings);
                Event::Measured(readings)
            }
            Effect::Ask { .. } => Event::Answered(self.answer()),
            Effect::Wait { until } => self.wait(*until),
            Effect::Finish => return Err(Violation::new("engine", "nothing to do")),
        };
        Ok(Came::Event(event))
    }

    fn observe(&mut self) -> Result<Event, Violation> {
        self.ledger.called(&self.world)?;
        match self.choices.pick(Label::World) {
            1 => self.world.scale_up(),
            2 => self.world.lose_unit(true),
            3 => self.world.lose_unit(false),
            4 => self.world.reroute(),
            5 => self.world.invade(),
            6 => self.world.remake(),
            7 => self.world.scale_in(),
            _ => {}
        }
        let seen = self.world.observe(&mut self.choices);
        if let Ok(seen) = &seen {
            self.ledger.observed(seen, &self.world);
        }
        Ok(Event::Observed(seen))
    }

    fn answer(&mut self) -> Answer {
        match self.choices.pick(Label::Person) {
            1 if !self.approves => Answer::Pending,
            2 => {
                self.ledger.answered(true);
                Answer::Declined { reason: "it looks wrong".into() }
            }
            _ => Answer::Approved { by: "ana".into() },
        }
    }

    fn wait(&mut self, until: Moment) -> Event {
        if self.choices.pick(Label::Lease) > 0 {
            self.ledger.lease_lost = true;
            self.witness.marks.hit(Mark::LeaseLost);
            return Event::LeaseLost { reason: "held by another run".into() };
        }
        match self.choices.pick(Label::Operator) {
            1 => return Event::Aborted { by: "ana".into() },
            2 => return Event::Interrupted,
            _ => {}
        }
        let skips = self.bug.is_some_and(super::bug::Bug::skips_waits);
        if !skips {
            self.world.advance(until, &mut self.choices);
        }
        Event::Woke
    }

    fn act(&mut self, order: &Order, run: &Run) -> Result<Came, Violation> {
        let mut order = order.clone();
        if let Some(bug) = self.bug {
            bug.bend_order(&mut order, run, &self.world);
        }
        if self.choices.pick(Label::Journal) > 0 {
            self.witness.marks.hit(Mark::JournalFailed);
            return Ok(Came::Crash);
        }
        let announces = self.bug.is_none_or(super::bug::Bug::announces);
        let at = self.world.now;
        if announces {
            self.journal.push(Record { at, entry: Entry::Intent(order.clone()) });
        }
        let crash = self.choices.pick(Label::CrashActing);
        if crash == 1 {
            return Ok(Came::Crash);
        }
        self.ledger.called(&self.world)?;
        let owner = self.owner;
        self.witness.ordered(&order, &self.ledger, &self.world);
        self.ledger.ordered(&order, owner, announces, &self.world)?;
        if let Some(outcome) = self.bug.and_then(|bug| bug.answer_for(&order, &mut self.world)) {
            return Ok(Came::Event(Event::Acted(outcome)));
        }
        match crash {
            2 => {
                self.world.apply(&order, &mut self.choices);
                return Ok(Came::Crash);
            }
            3 => {
                self.world.done_late(&order);
                return Ok(Came::Crash);
            }
            4 => {
                self.sleep(&order);
                return Ok(Came::Crash);
            }
            _ => {}
        }
        let outcome = self.world.apply(&order, &mut self.choices);
        if self.bug.is_some_and(|bug| bug.repeats(&outcome)) {
            let stamp = Stamp { number: order.stamp.number + 1, ..order.stamp };
            self.world.apply(&Order { stamp, ..order.clone() }, &mut self.choices);
        }
        if !announces {
            self.journal.push(Record { at, entry: Entry::Intent(order.clone()) });
        }
        Ok(Came::Event(Event::Acted(outcome)))
    }

    /// The process is suspended with the order in hand and sends it when it wakes up. A target
    /// that compares refuses it however late it comes; elsewhere its adapter compares first.
    fn sleep(&mut self, order: &Order) {
        let settle = self.world.physics.can.settle;
        let enforced = self.world.physics.can.fencing == Fencing::Enforced;
        let after = if enforced { settle * 20 } else { settle };
        self.world.sent_by_a_sleeper(order, after);
    }
}
