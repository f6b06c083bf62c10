//! Watching a run as it is written down.

use core::fmt::Debug;

use pilotage_rollout::journal::{Record, RunId};
use pilotage_rollout::{Run, Verdict};
use serde::Serialize;

use crate::drive::Warning;

/// Whoever watches a run: progress on a terminal, the lines of `--json`, the report. All of them
/// are views of this one stream, which is the journal as it is written and little else.
///
/// # Contract
///
/// - **A record is shown once it is durable**, with the run as the record left it. What a watcher
///   shows has happened.
/// - **A watcher is called between two effects and must return at once**: it keeps what it is
///   given and does slow work elsewhere. It cannot stop or fail a run.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Watcher: Debug + Send + Sync {
    /// Sees the next thing.
    #[cfg_attr(feature = "mock", mockall::concretize)]
    fn see(&self, news: &News<'_>);
}

/// One thing in the stream of a run. Its serialised form is a line of `--json`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum News<'a> {
    /// A record was read back from the journal of a run that goes on. None of this is new.
    Replayed {
        /// Its place in the journal, counted from zero.
        sequence: u64,
        /// What was written down.
        record: &'a Record,
    },
    /// A record was written down.
    Recorded {
        /// Its place in the journal, counted from zero.
        sequence: u64,
        /// What was written down.
        record: &'a Record,
        /// The run after it.
        #[serde(skip)]
        state: &'a Run,
    },
    /// Something is odd, and the run goes on.
    Warned {
        /// What.
        warning: &'a Warning,
    },
    /// The process is done with the run.
    Ended {
        /// Which run.
        run: &'a RunId,
        /// How it ended or was left.
        verdict: &'a Verdict,
    },
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watcher for Unwatched {
    fn see(&self, _: &News<'_>) {}
}
