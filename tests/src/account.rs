//! The account of every request: who answered it, whether it may have, and how long it took.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pilotage_load::{Outcome, RequestId, Witness};
use serde::{Deserialize, Serialize};

use crate::error::Trouble;
use crate::standing::{Mark, Standing};

/// How many failures are told in words.
const MOST_TOLD: usize = 20;

/// The kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Ordinary requests over connections that are kept alive: these are timed.
    Quick,
    /// Requests whose answer takes long.
    Long,
    /// Bodies that are streamed.
    Upload,
    /// `WebSocket`s, each of which ends with a proper close.
    Socket,
}

/// The account of every request.
#[derive(Debug)]
pub struct Account {
    standing: Arc<Standing>,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    under_way: HashMap<RequestId, Mark>,
    counts: BTreeMap<Kind, Counts>,
    answered: Vec<RequestId>,
    told: Vec<String>,
    calm: Vec<u32>,
    switching: Vec<u32>,
}

/// What became of the requests of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How many ended.
    pub requests: u64,
    /// How many of them had no good answer, or one of a release that may not answer any more.
    pub failed: u64,
}

/// What became of all requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// By kind.
    pub kinds: BTreeMap<Kind, Counts>,
    /// All that ended.
    pub requests: u64,
    /// Those without a good answer of a release that may answer.
    pub failed: u64,
    /// Those that were processed more than once.
    pub duplicated: u64,
    /// Those that were answered well, and that nobody says to have processed.
    pub unaccounted: u64,
    /// The first failures, in words.
    pub told: Vec<String>,
    /// Ordinary requests while nothing was deployed.
    pub calm: Latency,
    /// Ordinary requests while something was.
    pub switching: Latency,
}

/// How long requests took, from when they were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// How many.
    pub requests: usize,
    /// Half of them took at most this long.
    pub p50_micros: u32,
    /// 99 of 100 took at most this long.
    pub p99_micros: u32,
    /// All of them took at most this long.
    pub most_micros: u32,
}

impl Account {
    /// An account that is told by `standing` who may answer.
    pub fn under(standing: Arc<Standing>) -> Arc<Self> {
        Arc::new(Self { standing, book: Mutex::default() })
    }

    /// The witness of the requests of this kind.
    pub fn of(self: &Arc<Self>, kind: Kind) -> Arc<Clerk> {
        Arc::new(Clerk { kind, account: self.clone() })
    }

    /// Sums up, once no request is under way; `ledgers` is where the units wrote down what they
    /// processed.
    pub fn sums(&self, ledgers: &Path) -> Result<Sums, Trouble> {
        let processed = processed(ledgers)?;
        let mut book = self.book();
        let unaccounted = book.answered.iter().filter(|id| !processed.contains_key(&id.0)).count();
        let total = |count: fn(&Counts) -> u64| book.counts.values().map(count).sum();
        Ok(Sums {
            kinds: book.counts.clone(),
            requests: total(|counts| counts.requests),
            failed: total(|counts| counts.failed),
            duplicated: processed.values().filter(|times| **times > 1).count() as u64,
            unaccounted: unaccounted as u64,
            told: book.told.clone(),
            calm: Latency::of(&mut book.calm),
            switching: Latency::of(&mut book.switching),
        })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with how this request ended.
    fn complaint(&self, since: Mark, outcome: &Outcome) -> Option<String> {
        match outcome {
            Err(loss) => Some(chain(loss)),
            Ok(answer) if !answer.is_good() => {
                Some(format!("status {} of `{}`", answer.status, answer.release))
            }
            Ok(answer) if !self.standing.allows(since, &answer.release) => {
                Some(format!("answered by `{}`, which may not any more", answer.release))
            }
            Ok(_) => None,
        }
    }
}

impl Sums {
    /// The counts of one kind.
    pub fn of(&self, kind: Kind) -> Counts {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }
}

impl Latency {
    fn of(micros: &mut [u32]) -> Self {
        micros.sort_unstable();
        let at = |percent: usize| {
            let index = (micros.len() * percent / 100).min(micros.len().saturating_sub(1));
            micros.get(index).copied().unwrap_or_default()
        };
        let (p50_micros, p99_micros, most_micros) = (at(50), at(99), at(100));
        Self { requests: micros.len(), p50_micros, p99_micros, most_micros }
    }
}

/// The witness of the requests of one kind.
#[derive(Debug)]
pub struct Clerk {
    kind: Kind,
    account: Arc<Account>,
}

impl Witness for Clerk {
    fn departs(&self, request: RequestId) {
        let mark = self.account.standing.mark();
        self.account.book().under_way.insert(request, mark);
    }

    fn arrives(&self, request: RequestId, took: Duration, outcome: &Outcome) {
        let now = self.account.standing.mark();
        let since = self.account.book().under_way.remove(&request).unwrap_or(now);
        let complaint = self.account.complaint(since, outcome);
        let mut book = self.account.book();
        let counts = book.counts.entry(self.kind).or_default();
        counts.requests += 1;
        counts.failed += u64::from(complaint.is_some());
        match complaint {
            None => book.answered.push(request),
            Some(what) if book.told.len() < MOST_TOLD => {
                book.told.push(format!("{:?} request {request}: {what}", self.kind));
            }
            Some(_) => {}
        }
        if self.kind == Kind::Quick {
            let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
            let is_switching = since.is_switching || now.is_switching;
            let times = if is_switching { &mut book.switching } else { &mut book.calm };
            times.push(micros);
        }
    }
}

/// How often each request was processed, by what the units wrote down.
#[expect(clippy::disallowed_methods, reason = "the ledgers are plain files of other processes")]
fn processed(ledgers: &Path) -> Result<HashMap<u64, u32>, Trouble> {
    let failed = || Trouble::when(format!("the ledgers in {} cannot be read", ledgers.display()));
    let mut times = HashMap::new();
    for file in std::fs::read_dir(ledgers).map_err(failed())? {
        let text = std::fs::read_to_string(file.map_err(failed())?.path()).map_err(failed())?;
        for number in text.lines().filter_map(|line| line.parse().ok()) {
            *times.entry(number).or_default() += 1;
        }
    }
    Ok(times)
}

/// An error with all that caused it, on one line.
pub fn chain(error: &dyn core::error::Error) -> String {
    let causes = core::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use pilotage_load::Answer;

    use super::*;

    fn good(release: &str) -> Answer {
        Answer { status: 200, release: release.into() }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test plays the unit that keeps a ledger")]
    fn lost_repeated_unaccounted_and_wrongly_answered_requests_are_each_found() {
        let ledgers = tempfile::tempdir().expect("a directory");
        std::fs::write(ledgers.path().join("v1-1"), "0\n1\n1\n3\n").expect("written");
        let standing = Arc::new(Standing::only("v1"));
        let account = Account::under(standing.clone());
        let clerk = account.of(Kind::Quick);
        let arrive = |number, outcome| {
            clerk.departs(RequestId(number));
            clerk.arrives(RequestId(number), Duration::from_micros(number), &outcome);
        };
        arrive(0, Ok(good("v1")));
        arrive(1, Ok(good("v1")));
        arrive(2, Ok(good("v1")));
        standing.turn_to(["v2"]);
        standing.switch(true);
        arrive(3, Ok(good("v1")));
        arrive(4, Ok(Answer { status: 502, release: String::new() }));
        let sums = account.sums(ledgers.path()).expect("read");
        assert_eq!((sums.requests, sums.failed), (5, 2), "{sums:?}");
        assert_eq!((sums.duplicated, sums.unaccounted), (1, 1), "{sums:?}");
        assert_eq!((sums.calm.requests, sums.switching.requests), (3, 2), "{sums:?}");
        assert!(sums.told[0].contains("may not any more"), "{sums:?}");
    }

    #[test]
    fn quantiles_are_of_those_that_are_there() {
        let mut micros: Vec<u32> = (1..=1_000).rev().collect();
        let latency = Latency::of(&mut micros);
        assert_eq!(
            (latency.p50_micros, latency.p99_micros, latency.most_micros),
            (501, 991, 1_000)
        );
        assert_eq!(Latency::of(&mut []), Latency::default());
    }
}
