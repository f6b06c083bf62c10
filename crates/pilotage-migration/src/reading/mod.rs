//! What the text of one statement says: its findings, its effect, and what later statements may
//! rely on.
//!
//! The classifiers of the two dialects fill a [`Reading`]; [`State`] carries what earlier
//! statements established, so that a table that was created a line before is not defended against
//! locks that nobody waits for.

mod effect;
mod state;

use core::ops::Range;

pub use effect::{Budget, Effect, Transaction};
pub use state::{Fact, State};

use crate::rule::{Class, Finding, Lock, Rule, Work};
use crate::server::Server;

/// What is known when a statement is read.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who will run it.
    pub server: Server,
    /// What earlier statements established.
    pub state: &'a State,
}

/// What the text of a statement says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// What it does to the server.
    pub effect: Effect,
    /// What later statements may rely on.
    pub facts: Vec<Fact>,
}

impl Reading {
    /// It takes this lock and does this work under it.
    pub fn takes(&mut self, lock: Lock, work: Work) {
        self.effect.add(lock, work);
    }

    /// A rule that it runs into, under the lock of its effect so far.
    pub fn found(&mut self, rule: &'static Rule, span: Range<usize>, about: impl Into<String>) {
        let Effect { lock, work, .. } = self.effect;
        self.findings.push(Finding::new(rule, span, about).under(lock, work));
    }

    /// It takes this lock, and runs into this rule because of it.
    pub fn found_under(
        &mut self,
        rule: &'static Rule,
        span: Range<usize>,
        about: impl Into<String>,
        (lock, work): (Lock, Work),
    ) {
        self.takes(lock, work);
        self.findings.push(Finding::new(rule, span, about).under(lock, work));
    }

    /// Later statements may rely on this.
    pub fn learned(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// It must not run in a transaction.
    pub fn runs_alone(&mut self) {
        self.effect.transaction = Transaction::MustNot;
    }

    /// Reads a statement that its grammar does not accept, for what it seems to say: whoever allows
    /// the broken syntax has not allowed what stands behind it.
    pub(crate) fn suspect(&mut self, read: impl FnOnce(&mut Self)) {
        let mut rest = Self::default();
        read(&mut rest);
        rest.findings.retain(|finding| matches!(finding.class(), Class::Breaks | Class::Locks));
        self.join(rest);
    }

    /// Reads what another part of the same statement says as well.
    pub fn join(&mut self, other: Self) {
        self.takes(other.effect.lock, other.effect.work);
        if other.effect.transaction == Transaction::MustNot {
            self.runs_alone();
        }
        self.findings.extend(other.findings);
        self.facts.extend(other.facts);
    }
}
