//! One execution from its first record to taking leave.

use std::pin::pin;

use pilotage_rollout::journal::Record;
use pilotage_rollout::{Event, Run, Verdict};

use super::book::Book;
use super::error::DriverError;
use super::herald::{self, Herald};
use super::interruption::Interruptions;
use super::keeper::Keeper;
use super::time::{RunClock, within};
use super::voyage::Voyage;
use super::{Crew, Finished, Patience, Warning};
use crate::role::{News, Notice};

/// What an execution begins with.
#[derive(Debug)]
pub(super) struct Begin {
    pub(super) run: Run,
    pub(super) first: First,
    pub(super) book: Book,
    pub(super) time: RunClock,
    pub(super) keeper: Keeper,
    pub(super) warnings: Vec<Warning>,
    pub(super) stop: Interruptions,
}

/// The first record of an execution.
#[derive(Debug)]
pub(super) enum First {
    /// The run is opened.
    Open(Box<Record>),
    /// The run goes on.
    Resume(Event),
}

/// Runs the loop with notes being delivered beside it, and takes leave properly whatever comes
/// of it: the lease is given up, and the last notes get a moment.
pub(super) async fn embark(
    crew: &Crew,
    patience: &Patience,
    begin: Begin,
) -> Result<Finished, DriverError> {
    let (run, target) = (begin.book.run().clone(), begin.run.plan().target.clone());
    let (herald, post, tally) = herald::queue(run.clone(), target);
    let mut delivery = pin!(post.deliver(&*crew.notifier, &*crew.clock, patience.note));
    let mut voyage = pin!(voyage(crew, patience, begin, herald));
    let ended = tokio::select! {
        biased;
        ended = &mut voyage => Some(ended),
        () = &mut delivery => None,
    };
    let mut finished = match ended {
        Some(ended) => {
            within(&*crew.clock, patience.farewell, delivery).await;
            ended?
        }
        None => voyage.await?,
    };
    if let Some(warning) = tally.warning() {
        crew.watcher.see(&News::Warned { warning: &warning });
        finished.warnings.push(warning);
    }
    crew.watcher.see(&News::Ended { run: &run, verdict: &finished.verdict });
    Ok(finished)
}

async fn voyage(
    crew: &Crew,
    patience: &Patience,
    begin: Begin,
    herald: Herald,
) -> Result<Finished, DriverError> {
    let Begin { run, first, book, time, keeper, warnings: early, stop } = begin;
    let warnings = Vec::new();
    let mut voyage = Voyage { crew, patience, time, book, keeper, stop, herald, warnings, run };
    for warning in early {
        voyage.warn(warning);
    }
    let verdict = go(&mut voyage, first).await;
    if let Err(error) = &verdict {
        voyage.herald.tell(Notice::Left { reason: error.to_string() });
    }
    if let Some(warning) = voyage.keeper.release(patience.farewell).await {
        voyage.warn(warning);
    }
    let Voyage { book, warnings, .. } = voyage;
    let (run, written) = (book.run().clone(), book.written());
    Ok(Finished { verdict: verdict?, run, written, warnings })
}

async fn go(voyage: &mut Voyage<'_>, first: First) -> Result<Verdict, DriverError> {
    match first {
        First::Open(record) => voyage.write(*record).await?,
        First::Resume(event) => voyage.happened(event).await?,
    }
    voyage.herald.tell(Notice::Started);
    voyage.sail().await
}
