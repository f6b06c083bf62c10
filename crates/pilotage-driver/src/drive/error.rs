//! Why a run could not be driven to a verdict.

use pilotage_rollout::journal::{Entry, Record, ReplayError, RunId};
use pilotage_rollout::run::{Event, Illegal};
use pilotage_rollout::{ExitCode, Span};

use super::Hint;
use crate::journal::JournalError;
use crate::role::{LeaseFailure, StoreError};

/// Why a run could not be driven to a verdict. What is live is then as the journal and the target
/// say; nothing is lost but what [`Unrecorded`](Self::Unrecorded) names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The journal could not be loaded.
    #[error("the journal of run `{run}` cannot be loaded")]
    Load {
        /// Which run.
        run: RunId,
        /// Why.
        source: WriteFailure,
    },
    /// The journal was loaded and is no sound journal.
    #[error("the journal of run `{run}` cannot be read")]
    Journal {
        /// Which run.
        run: RunId,
        /// What is wrong with it.
        source: JournalError,
    },
    /// The journal is sound, and no run can have written it.
    #[error("run `{run}` cannot be built again from its journal")]
    Replay {
        /// Which run.
        run: RunId,
        /// What does not fit.
        source: Box<ReplayError>,
    },
    /// A run of this name was opened already.
    #[error("run `{run}` exists already")]
    Exists {
        /// Which run.
        run: RunId,
        /// What the store said.
        source: WriteFailure,
    },
    /// The plan was made by a newer program.
    #[error("the plan has schema {found}, and this program knows up to {known}")]
    NewerPlan {
        /// The plan's schema.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// The lease could not be asked for, so nothing was done.
    #[error("the lease could not be asked for, so nothing was done")]
    Lease {
        /// Why.
        source: LeaseFailure,
    },
    /// Another process wrote to the journal, so this one stopped.
    #[error("another process goes on with run `{run}`, so this one stopped; {}", unrecorded(.record))]
    Overtaken {
        /// Which run.
        run: RunId,
        /// What was not written down.
        record: Box<Record>,
        /// What the store said.
        source: WriteFailure,
    },
    /// Something could not be written down, so the run was left where it is.
    #[error("the journal of run `{run}` cannot be written; {}", unrecorded(.record))]
    Unrecorded {
        /// Which run.
        run: RunId,
        /// What was not written down.
        record: Box<Record>,
        /// Why.
        source: WriteFailure,
    },
    /// The engine refused what the driver told it.
    #[error("run `{run}` refused an event; it was not written down and the run is as it was")]
    Illegal {
        /// Which run.
        run: RunId,
        /// Why.
        source: Illegal,
    },
}

/// Why the journal store did not do its part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteFailure {
    /// The store said so.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record makes no line.
    #[error(transparent)]
    Codec(#[from] JournalError),
    /// The store did not answer; whether it did anything is unknown.
    #[error("the journal store gave no answer within {limit}")]
    Silent {
        /// How long it was waited for.
        limit: Span,
    },
}

impl DriverError {
    /// What the process returns.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Load { source: WriteFailure::Store(StoreError::NotFound { .. }), .. }
            | Self::Exists { .. } => ExitCode::Usage,
            Self::Journal { .. }
            | Self::Replay { .. }
            | Self::NewerPlan { .. }
            | Self::Lease { .. } => ExitCode::Refused,
            Self::Overtaken { .. } => ExitCode::Busy,
            Self::Unrecorded { record, .. } if !holds_outcome(record) => ExitCode::Interrupted,
            Self::Load { .. } | Self::Unrecorded { .. } | Self::Illegal { .. } => ExitCode::Unknown,
        }
    }

    /// What can be done next, best first.
    pub fn hints(&self) -> Vec<Hint> {
        match self {
            Self::Load { run, source } => match source {
                WriteFailure::Store(StoreError::NotFound { .. }) => vec![Hint::History],
                _ => vec![Hint::Resume { run: run.clone() }],
            },
            Self::Journal { run, source } => unreadable(run, source),
            Self::Replay { run, source } => match **source {
                ReplayError::Newer { .. } => vec![],
                _ => vec![Hint::RestoreJournal { run: run.clone() }],
            },
            Self::Exists { run, .. } => vec![Hint::Resume { run: run.clone() }],
            Self::NewerPlan { .. } => vec![Hint::Plan],
            Self::Lease { .. } | Self::Overtaken { .. } => vec![Hint::Status],
            Self::Unrecorded { run, source, .. } => {
                let mut hints = room(source);
                hints.push(Hint::Resume { run: run.clone() });
                hints
            }
            Self::Illegal { run, .. } => vec![Hint::Report, Hint::Resume { run: run.clone() }],
        }
    }
}

fn unreadable(run: &RunId, source: &JournalError) -> Vec<Hint> {
    match source {
        JournalError::Newer { writer, .. } => vec![Hint::UseVersion { version: writer.clone() }],
        JournalError::Empty { .. } => vec![Hint::Plan],
        _ => vec![Hint::RestoreJournal { run: run.clone() }],
    }
}

fn room(source: &WriteFailure) -> Vec<Hint> {
    match source {
        WriteFailure::Store(StoreError::Full { place, .. }) => {
            vec![Hint::FreeSpace { place: place.clone() }]
        }
        _ => vec![],
    }
}

/// Whether the record says what became of an order.
const fn holds_outcome(record: &Record) -> bool {
    matches!(record.entry, Entry::Happened(Event::Acted(_)))
}

/// What it means that this record is missing.
fn unrecorded(record: &Record) -> String {
    match &record.entry {
        Entry::Opened { .. } => "the run did not begin and nothing was done".into(),
        Entry::Intent(order) => {
            format!("so the run did not {} and stands where it stood", order.action)
        }
        Entry::Happened(Event::Acted(outcome)) => format!(
            "the last order is written down and its outcome is not: {outcome:?}; resuming reads \
             the target to find out"
        ),
        Entry::Happened(_) => "nothing was done since the last record".into(),
    }
}
