//! `--approve`: the word of the person at the command line.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use pilotage_driver::role::Approvals;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::run::Answer;

/// Says yes to one question, the first that is asked. Whatever is asked after it was not known to
/// the person who approved.
#[derive(Debug, Default)]
pub(crate) struct OneApproval {
    question: Mutex<Option<String>>,
}

#[async_trait]
impl Approvals for OneApproval {
    async fn answer(&self, _: &RunId, question: &str) -> Answer {
        let mut approved = self.question.lock().unwrap_or_else(PoisonError::into_inner);
        match &*approved.get_or_insert_with(|| question.to_owned()) {
            first if first == question => Answer::Approved { by: "--approve".into() },
            _ => Answer::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_yes_is_for_one_question() {
        let (run, approval) = (RunId("run".into()), OneApproval::default());
        let yes = Answer::Approved { by: "--approve".into() };
        assert_eq!(approval.answer(&run, "first?").await, yes);
        assert_eq!(approval.answer(&run, "second?").await, Answer::Pending);
        assert_eq!(approval.answer(&run, "first?").await, yes, "an answer stays the same");
    }
}
