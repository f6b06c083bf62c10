//! Where workers run.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_lease::Ticket;
use pilotage_migration::saga::runner::{Assignment, Life, NotStarted, Runner};

use super::lock;

/// Takes assignments, which a test carries out; a ticket is good for one.
#[derive(Debug, Default)]
pub struct FakeRunner {
    waiting: Mutex<Vec<Assignment>>,
    lives: Mutex<BTreeMap<String, Life>>,
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

    /// Says that the worker of this ticket has ended.
    pub fn ended(&self, ticket: Ticket, code: Option<i32>, tail: &str) {
        lock(&self.lives).insert(ticket.to_string(), Life::Ended { code, tail: tail.into() });
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
        let ticket = assignment.ticket.to_string();
        let before = lock(&self.lives).insert(ticket, Life::Running);
        if before.is_none() {
            lock(&self.waiting).push(assignment.clone());
        }
        Ok(())
    }

    async fn look(&self, ticket: Ticket) -> Life {
        let unseen = || Life::Unseen { reason: "nobody has heard of it".into() };
        lock(&self.lives).get(&ticket.to_string()).cloned().unwrap_or_else(unseen)
    }

    async fn stop(&self, ticket: Ticket) -> Life {
        self.ended(ticket, None, "stopped");
        self.look(ticket).await
    }
}
