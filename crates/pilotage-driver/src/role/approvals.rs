//! Asking a person.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::run::Answer;

/// Whoever knows what a person has decided: a terminal, or an approval that a CI system recorded.
///
/// # Contract
///
/// - **Silence is [`Answer::Pending`]**, never approval. The run then stands still and a later
///   process asks again, so nobody has to keep a machine waiting for a person.
/// - **An answer belongs to one question of one run**, and stays the same once it was given.
/// - **Idempotent and free to drop**: asking twice must not ask the person twice at one time.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Approvals: Debug + Send + Sync {
    /// What was decided about this question.
    async fn answer(&self, run: &RunId, question: &str) -> Answer;
}

/// Nobody is there to decide: each question pauses the run.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoApprovals;

#[async_trait]
impl Approvals for NoApprovals {
    async fn answer(&self, _: &RunId, _: &str) -> Answer {
        Answer::Pending
    }
}
