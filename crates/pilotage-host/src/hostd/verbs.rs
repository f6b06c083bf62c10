//! What each request does.

use std::io;
use std::sync::Arc;

use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, Order, Outcome, Rejection};
use pilotage_rollout::{Moment, Span};

use crate::artifacts::ArtifactStore;
use crate::os;
use crate::runtime::{Runtime, UnitName};
use crate::wire::{Fate, Fault, LONGEST_TAIL, ReleaseSpec, Reply, Request};

use super::host::{Book, Host};
use super::ledger::{Decision, Ledger};

impl Host {
    /// Carries out one request.
    pub(super) async fn answer(self: &Arc<Self>, request: Request) -> Reply {
        let answered = match request {
            Request::Observe => self.observe().await.map(Reply::Observed).map_err(internal),
            Request::Apply { run, order, not_after } => {
                Ok(Reply::Acted(self.apply(&run, &order, not_after).await))
            }
            Request::Register { spec } => self.register(*spec).await,
            Request::Counters { from, to } => self.counters(from, to).await,
            Request::Units => self.units().await.map(Reply::Units).map_err(internal),
            Request::Tail { unit, bytes } => self.last_words(&unit, bytes).await,
            Request::Shutdown { units } => Ok(self.shut_down(units)),
        };
        answered.unwrap_or_else(Reply::Failed)
    }

    async fn apply(&self, run: &RunId, order: &Order, not_after: Moment) -> Outcome {
        let mut book = self.book.lock().await;
        if os::wall() > not_after {
            return busy("the order came too late to be begun");
        }
        let units = match self.runtime.list().await {
            Ok(units) => units,
            Err(error) => return busy(&error.to_string()),
        };
        let ready = |release: &_| self.ready(&book, &units, release);
        match book.ledger.decide(run, order, &ready) {
            Decision::Stay(outcome) => outcome,
            Decision::Change(next) => self.turn_to(&mut book, *next, order).await,
        }
    }

    /// Writes the next ledger down and lets the machine follow it.
    async fn turn_to(&self, book: &mut Book, next: Ledger, order: &Order) -> Outcome {
        if let Err(error) = self.save(&next).await {
            return unknown("the state file could not be written", &error);
        }
        os::say(&format!(
            "order {} under fence {}: {}",
            order.stamp.number, order.stamp.fence, order.action
        ));
        self.note_counters(book).await;
        let before = std::mem::replace(&mut book.ledger, next);
        if let Action::Capacity { release, .. } = &order.action {
            book.troubles.remove(release);
        }
        self.remove_programs(&before, &book.ledger);
        // The routes follow before the answer; units follow when they can.
        if let Err(error) = self.route(book).await {
            return unknown("the routes could not be changed", &error);
        }
        self.note_counters(book).await;
        self.wake.notify_one();
        Outcome::Applied
    }

    /// Removes the programs that only pruned releases named.
    fn remove_programs(&self, before: &Ledger, after: &Ledger) {
        let store = ArtifactStore::of(&self.directory);
        let programs = |ledger: &Ledger| {
            let berths = ledger.berths.values();
            berths.map(|berth| berth.spec.artifact.clone()).collect::<Vec<_>>()
        };
        let kept = programs(after);
        for lost in programs(before) {
            let is_used = kept.iter().any(|kept| kept.program_digest == lost.program_digest);
            if let Some(error) = (!is_used).then(|| store.remove(&lost).err()).flatten() {
                os::say(&format!("cannot remove {}: {error}", lost.program.display()));
            }
        }
    }

    async fn register(&self, spec: ReleaseSpec) -> Result<Reply, Fault> {
        let mut book = self.book.lock().await;
        let next = book.ledger.register(spec).map_err(|reason| Fault::Refused { reason })?;
        if next != book.ledger {
            self.save(&next).await.map_err(internal)?;
            book.ledger = next;
        }
        Ok(Reply::Registered)
    }

    async fn counters(&self, from: Moment, to: Moment) -> Result<Reply, Fault> {
        let book = self.book.lock().await;
        self.note_counters(&book).await;
        let seen = self.history().between(from, to, &book.ledger.slots);
        seen.map(Reply::Counted).map_err(|reason| Fault::Unavailable { reason })
    }

    async fn last_words(&self, unit: &UnitName, bytes: usize) -> Result<Reply, Fault> {
        let status = self.runtime.observe(unit).await.map_err(internal)?;
        let absent = || Fault::Unavailable { reason: format!("there is no unit `{unit}`") };
        let tail = self.tail(&status.ok_or_else(absent)?, bytes.min(LONGEST_TAIL)).await;
        tail.map(Reply::Tail).map_err(internal)
    }

    fn shut_down(&self, units: Fate) -> Reply {
        self.end.send_replace(Some(units));
        Reply::Ending
    }
}

fn internal(error: impl std::error::Error + 'static) -> Fault {
    Fault::Internal { reason: super::reconcile::chain(&error) }
}

fn busy(reason: &str) -> Outcome {
    let (reason, retry_after) = (reason.to_owned(), Some(Span::from_secs(1)));
    Outcome::NotApplied(Rejection::Busy { reason, retry_after })
}

fn unknown(what: &str, error: &io::Error) -> Outcome {
    Outcome::Unknown { reason: format!("{what}: {error}") }
}
