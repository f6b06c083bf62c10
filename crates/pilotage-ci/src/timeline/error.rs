//! Records that make no timeline.

use pilotage_rollout::run::Illegal;

/// Records that no run could have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is no first record.
    #[error("the journal is empty, so there is nothing to show")]
    Empty,
    /// It does not begin with the opening of a run.
    #[error("the first record opens no run: this is not the journal of a run")]
    NotOpened,
    /// A second run in one journal.
    #[error("record {index} opens a second run: two journals were mixed")]
    OpenedTwice {
        /// Which record, counted from zero.
        index: usize,
    },
    /// An order that the run did not want.
    #[error("record {index} gives an order that the run did not want: the journal was edited")]
    Forked {
        /// Which record.
        index: usize,
    },
    /// An event that the run could not have met.
    #[error("record {index} cannot follow what comes before: the journal was edited")]
    Illegal {
        /// Which record.
        index: usize,
        /// Why.
        source: Illegal,
    },
}
