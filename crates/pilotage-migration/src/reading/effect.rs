//! What a statement does to the server, and how long the runner lets it wait and work.

use core::time::Duration;

use crate::rule::{Lock, Work};

/// Whether it may run in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transaction {
    /// It may.
    #[default]
    May,
    /// The server refuses it there.
    MustNot,
    /// The server ends the transaction before it, as MySQL does for changes of the schema.
    Ends,
}

impl Transaction {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::MustNot => "must-not",
            Self::Ends => "ends",
        }
    }
}

/// The strongest lock of a statement and the longest work under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The strongest lock.
    pub lock: Lock,
    /// The longest work.
    pub work: Work,
    /// Whether it may run in a transaction.
    pub transaction: Transaction,
}

impl Default for Effect {
    fn default() -> Self {
        Self { lock: Lock::None, work: Work::Moment, transaction: Transaction::May }
    }
}

/// How long the runner lets a statement wait for its lock and work; nothing means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How long it may wait for its lock. All that come after it wait behind it.
    pub lock_timeout: Option<Duration>,
    /// How long it may take.
    pub statement_timeout: Option<Duration>,
    /// Whether it is tried again when it did not get its lock.
    pub retries: bool,
}

impl Budget {
    const fn new(lock: Option<u64>, statement: Option<u64>, retries: bool) -> Self {
        const fn seconds(seconds: Option<u64>) -> Option<Duration> {
            match seconds {
                Some(seconds) => Some(Duration::from_secs(seconds)),
                None => None,
            }
        }
        Self { lock_timeout: seconds(lock), statement_timeout: seconds(statement), retries }
    }
}

impl Effect {
    /// The effect with another part of the same statement.
    pub(super) fn add(&mut self, lock: Lock, work: Work) {
        self.lock = self.lock.max(lock);
        self.work = self.work.max(work);
    }

    /// How long the runner lets it wait and work.
    ///
    /// A strong lock is waited for shortly and often, for a queue forms behind it. Work beside
    /// others has no limit at all: Postgres counts its wait for old snapshots as a wait for a lock,
    /// and a limit would leave an invalid index behind.
    pub const fn budget(self) -> Budget {
        match (self.work, self.lock.is_strong()) {
            (Work::Concurrent, _) => Budget::new(None, None, false),
            (Work::Moment, true) => Budget::new(Some(2), Some(10), true),
            (Work::Moment, false) => Budget::new(Some(5), Some(30), true),
            (Work::Rows, _) => Budget::new(Some(5), Some(300), true),
            (Work::Scan | Work::Build | Work::Rewrite, _) => Budget::new(Some(2), None, true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_works_beside_others_is_never_cut_off() {
        let effect = Effect {
            lock: Lock::ShareUpdateExclusive,
            work: Work::Concurrent,
            ..Effect::default()
        };
        assert_eq!(effect.budget(), Budget::new(None, None, false));
    }

    #[test]
    fn strong_locks_are_waited_for_shortly() {
        let all = [Work::Moment, Work::Rows, Work::Scan, Work::Build, Work::Rewrite];
        for work in all {
            let effect = Effect { lock: Lock::AccessExclusive, work, ..Effect::default() };
            assert!(effect.budget().lock_timeout.is_some_and(|limit| limit.as_secs() <= 5));
            assert!(effect.budget().retries);
        }
    }
}
