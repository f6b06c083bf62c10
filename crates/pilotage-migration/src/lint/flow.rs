//! What the order of statements in one file shows: transactions and locks that pile up.

use core::ops::Range;

use crate::reading::{Effect, Transaction};
use crate::rule::{Finding, Lock, catalogue as rules};
use crate::sql::Cursor;

/// What happened in the file so far.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// Whether the file itself began a transaction that is open.
    in_transaction: bool,
    /// The statements that must not run in a transaction.
    alone: Vec<Range<usize>>,
    /// Whether there are statements that should.
    has_others: bool,
    /// What the first strong lock is on, as it was written.
    first_locked: Option<String>,
    /// Whether piled-up locks were reported already.
    warned: bool,
}

impl Flow {
    /// Sees the next statement; returns what is wrong with it at this place.
    pub(super) fn see(
        &mut self,
        cursor: Cursor<'_>,
        effect: Effect,
        postgres: bool,
    ) -> Vec<Finding> {
        let span = cursor.span();
        let mut findings = Vec::new();
        if ["BEGIN", "START TRANSACTION"].iter().any(|word| cursor.is(word)) {
            self.in_transaction = true;
        } else if ["COMMIT", "END", "ROLLBACK"].iter().any(|word| cursor.is(word)) {
            self.in_transaction = false;
            self.first_locked = None;
        }
        match effect.transaction {
            Transaction::MustNot if self.in_transaction => {
                findings.push(Finding::new(rules::CONCURRENTLY_IN_TRANSACTION, span.clone(), ""));
            }
            Transaction::MustNot => self.alone.push(span.clone()),
            Transaction::Ends if self.in_transaction => {
                self.in_transaction = false;
                findings.push(Finding::new(rules::IMPLICIT_COMMIT, span.clone(), ""));
            }
            _ => self.has_others |= effect.lock > Lock::AccessShare,
        }
        if postgres && effect.lock.is_strong() {
            findings.extend(self.pile_up(cursor, effect));
        }
        findings
    }

    /// What is wrong with the file as a whole.
    pub(super) fn end(self) -> Option<Finding> {
        let first = self.alone.into_iter().next()?;
        self.has_others.then(|| Finding::new(rules::CONCURRENTLY_WITH_OTHERS, first, ""))
    }

    /// A strong lock on another table than the one that is locked already.
    fn pile_up(&mut self, cursor: Cursor<'_>, effect: Effect) -> Option<Finding> {
        let locked = target(cursor);
        match &self.first_locked {
            None => self.first_locked = Some(locked),
            Some(first) if *first != locked && !self.warned => {
                self.warned = true;
                let finding = Finding::new(rules::SEVERAL_STRONG_LOCKS, cursor.span(), "");
                return Some(finding.under(effect.lock, effect.work));
            }
            Some(_) => {}
        }
        None
    }
}

/// The table of an `ALTER TABLE`; of anything else, its whole text.
fn target(mut cursor: Cursor<'_>) -> String {
    if cursor.eat("ALTER TABLE") {
        cursor.eat("IF EXISTS");
        cursor.eat("ONLY");
        if let Some(name) = cursor.name() {
            return name.to_string();
        }
    }
    cursor.source().to_owned()
}
