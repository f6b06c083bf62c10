//! Where workers run.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_lease::OwnerId;
use pilotage_migration::saga::runner::{Assignment, Life, NotStarted, Runner};

use super::lock;

/// Takes assignments, which a test carries out; a ticket is good for one.
#[derive(Debug, Default)]
pub struct FakeRunner {
    waiting: Mutex<Vec<Assignment>>,
    lives: Mutex<BTreeMap<OwnerId, Life>>,
    refusal: Mutex<Option<String>>,
}

impl FakeRunner {
    /// Refuses to start anything, with these words.
    pub fn refuse(&self, reason: &str) {
        *lock(&self.refusal) = Some(reason.into());
    }

    /// An assignment that nobody has carried out yet.
    pub fn take(&self) -> Option<Assignment> {
        lock(&self.waiting).pop()
    }

    /// How many workers were started.
    pub fn started(&self) -> usize {
        lock(&self.lives).len()
    }

    /// Says that the worker of this attempt has ended.
    pub fn ended(&self, attempt: OwnerId, code: Option<i32>, tail: &str) {
        lock(&self.lives).insert(attempt, Life::Ended { code, tail: tail.into() });
    }
}

#[async_trait]
impl Runner for FakeRunner {
    fn place(&self) -> String {
        "the fake runner".into()
    }

    async fn start(&self, assignment: &Assignment) -> Result<(), NotStarted> {
        if let Some(reason) = lock(&self.refusal).clone() {
            return Err(NotStarted { place: self.place(), reason, source: None });
        }
        let before = lock(&self.lives).insert(assignment.ticket.owner, Life::Running);
        if before.is_none() {
            lock(&self.waiting).push(assignment.clone());
        }
        Ok(())
    }

    async fn look(&self, attempt: OwnerId) -> Life {
        let unseen = || Life::Unseen { reason: "nobody has heard of it".into() };
        lock(&self.lives).get(&attempt).cloned().unwrap_or_else(unseen)
    }

    async fn stop(&self, attempt: OwnerId) -> Life {
        self.ended(attempt, None, "stopped");
        self.look(attempt).await
    }
}
