//! How a process is done with a run.

use pilotage_rollout::Verdict;
use pilotage_rollout::journal::RunId;

use super::Warning;

/// What is to be said of a run that a process is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended or was left.
    pub verdict: Verdict,
    /// Which run.
    pub run: RunId,
    /// How many records this process wrote; none if it never owned the run.
    pub written: u64,
    /// What was odd.
    pub warnings: Vec<Warning>,
}
