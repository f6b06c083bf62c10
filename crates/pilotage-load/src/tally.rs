//! The simplest witness: it counts.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::{Answer, Outcome, RequestId, Witness};

/// Counts what became of all requests.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Totals>);

/// What became of all requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Good answers, by the release that gave them.
    pub answers: BTreeMap<String, u64>,
    /// Answers with an error of the service, by the release that gave them.
    pub errors: BTreeMap<String, u64>,
    /// What else went wrong, in the order in which it did.
    pub lost: Vec<String>,
}

impl Tally {
    /// The totals so far.
    pub fn totals(&self) -> Totals {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Totals {
    /// How many good answers this release gave.
    pub fn of(&self, release: &str) -> u64 {
        self.answers.get(release).copied().unwrap_or(0)
    }

    /// Whether every request had a good answer.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty() && self.lost.is_empty()
    }

    fn note(&mut self, outcome: &Outcome) {
        match outcome {
            Ok(answer) if answer.is_good() => count(&mut self.answers, answer),
            Ok(answer) if answer.status == 500 => count(&mut self.errors, answer),
            Ok(Answer { status, release }) => {
                self.lost.push(format!("status {status} of `{release}`"));
            }
            Err(loss) => self.lost.push(told(loss)),
        }
    }
}

impl Witness for Tally {
    fn departs(&self, _: RequestId) {}

    fn arrives(&self, _: RequestId, _: Duration, outcome: &Outcome) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).note(outcome);
    }
}

fn count(by_release: &mut BTreeMap<String, u64>, answer: &Answer) {
    *by_release.entry(answer.release.clone()).or_default() += 1;
}

fn told(loss: &dyn core::error::Error) -> String {
    let causes = core::iter::successors(Some(loss), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Loss;

    #[test]
    fn good_answers_errors_and_losses_are_told_apart() {
        let tally = Tally::default();
        let arrive = |outcome| tally.arrives(RequestId(0), Duration::ZERO, &outcome);
        for status in [200, 200, 101, 500, 502] {
            arrive(Ok(Answer { status, release: "v1".into() }));
        }
        arrive(Err(Loss::Connect(std::io::ErrorKind::ConnectionRefused.into())));
        let totals = tally.totals();
        assert_eq!((totals.of("v1"), totals.errors["v1"]), (3, 1));
        assert_eq!(totals.lost[0], "status 502 of `v1`");
        assert_eq!(totals.lost[1], "no connection could be made: connection refused");
        assert!(!totals.is_clean());
    }
}
