//! People: those who decide and those who are told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_driver::role::{Approvals, Clock, Note, Notice, Notifier, NotifyFailure};
use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::run::Answer;

use super::lock;

/// People who have decided some questions.
#[derive(Debug, Default)]
pub struct FakeApprovals {
    answers: Mutex<BTreeMap<(RunId, String), Answer>>,
}

impl FakeApprovals {
    /// Decides a question of a run, for good.
    pub fn decide(&self, run: &RunId, question: &str, answer: Answer) {
        let key = (run.clone(), question.to_owned());
        let before = lock(&self.answers).insert(key, answer);
        assert_eq!(before, None, "a question is decided once");
    }
}

#[async_trait]
impl Approvals for FakeApprovals {
    async fn answer(&self, run: &RunId, question: &str) -> Answer {
        let key = (run.clone(), question.to_owned());
        lock(&self.answers).get(&key).cloned().unwrap_or(Answer::Pending)
    }
}

/// People who are told, sooner or later or never.
#[derive(Debug)]
pub struct FakeNotifier {
    clock: Arc<dyn Clock>,
    delay: Span,
    fails: bool,
    told: Mutex<Vec<Notice>>,
}

impl FakeNotifier {
    /// Each note takes this long to be delivered.
    pub fn slow(clock: Arc<dyn Clock>, delay: Span) -> Self {
        Self { clock, delay, fails: false, told: Mutex::default() }
    }

    /// No note is delivered.
    pub fn failing(clock: Arc<dyn Clock>) -> Self {
        Self { fails: true, ..Self::slow(clock, Span::ZERO) }
    }

    /// What people were told, in order.
    pub fn told(&self) -> Vec<Notice> {
        lock(&self.told).clone()
    }
}

#[async_trait]
impl Notifier for FakeNotifier {
    async fn notify(&self, note: &Note) -> Result<(), NotifyFailure> {
        self.clock.sleep(self.delay).await;
        if self.fails {
            return Err(NotifyFailure { reason: "nobody listens".into() });
        }
        lock(&self.told).push(note.notice.clone());
        Ok(())
    }
}
