//! Building a run again from its journal.

use alloc::string::String;

use crate::Run;
use crate::run::{Effect, Event, Illegal};

use super::{Entry, Record, RunId, SCHEMA};

/// A run as its journal leaves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// Its name.
    pub id: RunId,
    /// Its state after the last record.
    pub run: Run,
    /// Whether the last record is an intent without an outcome: nobody knows what became of it.
    pub dangling: bool,
}

/// A journal that no run could have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// There is no first record.
    #[error("the journal is empty: no run was opened in it")]
    Empty,
    /// It does not begin with the opening of a run.
    #[error("record {index} opens no run, and the first one must: this is not a run's journal")]
    NotOpened {
        /// Which record, counted from zero.
        index: usize,
    },
    /// A second run in one journal.
    #[error("record {index} opens a second run, `{run}`: two journals were mixed")]
    OpenedTwice {
        /// Which record.
        index: usize,
        /// The second run.
        run: RunId,
    },
    /// Written by a newer binary.
    #[error(
        "the journal has schema {found} and this binary knows up to {SCHEMA}: resume with the \
         version that wrote it, or a newer one"
    )]
    Newer {
        /// The journal's schema.
        found: u32,
    },
    /// An intent that the run did not have.
    #[error(
        "record {index} intends `{intended}` where the run wanted something else: the journal was \
         forked or edited"
    )]
    Forked {
        /// Which record.
        index: usize,
        /// What it intends.
        intended: String,
    },
    /// An event that the run could not have met.
    #[error("record {index} cannot follow what comes before: the journal was forked or edited")]
    Illegal {
        /// Which record.
        index: usize,
        /// Why.
        source: Illegal,
    },
}

/// Builds the run again, record by record.
pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Replayed, ReplayError> {
    let mut records = records.into_iter().enumerate();
    let (_, first) = records.next().ok_or(ReplayError::Empty)?;
    let replayed = open(first)?;
    records.try_fold(replayed, |replayed, (index, record)| follow(replayed, index, record))
}

fn open(first: &Record) -> Result<Replayed, ReplayError> {
    let Entry::Opened { schema, run: id, plan, fence } = &first.entry else {
        return Err(ReplayError::NotOpened { index: 0 });
    };
    if *schema > SCHEMA {
        return Err(ReplayError::Newer { found: *schema });
    }
    let run = Run::open(plan.clone(), *fence, first.at);
    Ok(Replayed { id: id.clone(), run, dangling: false })
}

fn follow(replayed: Replayed, index: usize, record: &Record) -> Result<Replayed, ReplayError> {
    let Replayed { id, run, dangling } = replayed;
    match &record.entry {
        Entry::Opened { run, .. } => Err(ReplayError::OpenedTwice { index, run: run.clone() }),
        Entry::Intent(order) => match run.effect() {
            Effect::Act(wanted) if wanted == order && !dangling => {
                Ok(Replayed { id, run, dangling: true })
            }
            _ => Err(ReplayError::Forked { index, intended: alloc::format!("{}", order.action) }),
        },
        Entry::Happened(event) => {
            let unannounced = matches!(event, Event::Acted(_)) && !dangling;
            if unannounced {
                let source = Illegal::NotAsked { event: "acted" };
                return Err(ReplayError::Illegal { index, source });
            }
            let run = run
                .advance(record.at, event)
                .map_err(|source| ReplayError::Illegal { index, source })?;
            Ok(Replayed { id, run, dangling: false })
        }
    }
}
