//! Asks sources: each thing once, together what may go together, again what may be asked again.

use core::future::Future;
use core::sync::atomic::{AtomicU32, Ordering};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::{Either, join_all, select};
use futures_util::stream::{self, StreamExt};
use pilotage_clock::Clock;
use pilotage_rollout::Span;

use super::Patience;
use crate::{Errand, Failure, Lane, Locator, SecretSource, Words};

/// What came of each locator.
pub(super) type Answers<T> = BTreeMap<Locator, Result<T, Failure>>;

/// What is asked for in each lane of each source, which is known by its place among the sources.
type Lanes = BTreeMap<(usize, Lane), Vec<Locator>>;

/// Who is asked, and how patiently.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) sources: Vec<Arc<dyn SecretSource>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) patience: Patience,
    pub(super) calls: AtomicU32,
}

impl Desk {
    /// Asks for all, and has an answer for each.
    pub(super) async fn gather<T, F>(
        &self,
        errand: Errand,
        wanted: BTreeSet<Locator>,
        ask: impl Fn(Arc<dyn SecretSource>, Vec<Locator>) -> F,
    ) -> Answers<T>
    where
        F: Future<Output = Vec<Result<T, Failure>>>,
    {
        let (lanes, mut answers) = self.sorted(errand, wanted);
        let ask = &ask;
        let each = lanes.into_iter().map(|((source, lane), locators)| {
            let source = self.sources.get(source).cloned();
            async move {
                match source {
                    Some(source) => {
                        self.travel(&lane, locators, &|some| ask(source.clone(), some)).await
                    }
                    None => Answers::new(),
                }
            }
        });
        answers.extend(join_all(each).await.into_iter().flatten());
        answers
    }

    /// Sorts locators into the lanes of their sources; what no source reads is answered already.
    fn sorted<T>(&self, errand: Errand, wanted: BTreeSet<Locator>) -> (Lanes, Answers<T>) {
        let mut lanes = Lanes::new();
        let mut answers = Answers::new();
        for locator in wanted {
            let mut sources = self.sources.iter().enumerate();
            let lane = sources.find_map(|(at, source)| Some((at, source.lane(errand, &locator)?)));
            if let Some(lane) = lane {
                lanes.entry(lane).or_default().push(locator);
            } else {
                let said = Words::new(&format!("no source for `{}:`", locator.scheme()));
                answers.insert(locator, Err(Failure::NoSource { said }));
            }
        }
        (lanes, answers)
    }

    /// Goes on asking for what is in one lane until nothing is left that may be asked again.
    async fn travel<T, F>(
        &self,
        lane: &Lane,
        mut pending: Vec<Locator>,
        ask: &impl Fn(Vec<Locator>) -> F,
    ) -> Answers<T>
    where
        F: Future<Output = Vec<Result<T, Failure>>>,
    {
        let began = self.clock.elapsed();
        let mut answers = Answers::new();
        for tried in 1..=u8::MAX {
            let (done, again) = self.round(lane, pending, ask).await;
            answers.extend(done);
            let asked = again.values().filter_map(wait_of).max();
            let passed = self.clock.elapsed().as_millis().saturating_sub(began.as_millis());
            let wait = self.patience.before(tried, Span::from_millis(passed), asked, luck());
            let Some(wait) = wait.filter(|_| !again.is_empty()) else {
                answers.extend(again.into_iter().map(|(locator, why)| (locator, Err(why))));
                break;
            };
            self.clock.sleep(wait).await;
            pending = again.into_keys().collect();
        }
        answers
    }

    /// Asks once for each, and tells what may be asked again from what is answered.
    async fn round<T, F>(
        &self,
        lane: &Lane,
        pending: Vec<Locator>,
        ask: &impl Fn(Vec<Locator>) -> F,
    ) -> (Answers<T>, BTreeMap<Locator, Failure>)
    where
        F: Future<Output = Vec<Result<T, Failure>>>,
    {
        let chunks: Vec<Vec<Locator>> =
            pending.chunks(lane.batch.get()).map(<[Locator]>::to_vec).collect();
        let calls = chunks.into_iter().map(|chunk| self.call(chunk, ask));
        let said: Vec<_> =
            stream::iter(calls).buffer_unordered(lane.parallel.get()).collect().await;
        let mut done = Answers::new();
        let mut again = BTreeMap::new();
        for (locator, answer) in said.into_iter().flatten() {
            match answer {
                Err(failure) if failure.is_transient() => {
                    again.insert(locator, failure);
                }
                answer => {
                    done.insert(locator, answer);
                }
            }
        }
        (done, again)
    }

    /// One call, with a deadline.
    async fn call<T, F>(
        &self,
        chunk: Vec<Locator>,
        ask: &impl Fn(Vec<Locator>) -> F,
    ) -> Vec<(Locator, Result<T, Failure>)>
    where
        F: Future<Output = Vec<Result<T, Failure>>>,
    {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let late = self.clock.sleep(self.patience.call);
        let said = match select(Box::pin(ask(chunk.clone())), late).await {
            Either::Left((said, _)) => said,
            Either::Right(_) => return all(chunk, &unreachable()),
        };
        if said.len() == chunk.len() {
            return chunk.into_iter().zip(said).collect();
        }
        // Whose answer is missing cannot be known, so that none of them can be believed.
        let said = Words::new("the number of answers is not that of the questions");
        all(chunk, &Failure::NotUnderstood { said })
    }
}

fn unreachable() -> Failure {
    Failure::Unreachable { said: Words::new("no answer within the time for one call") }
}

fn all<T>(chunk: Vec<Locator>, failure: &Failure) -> Vec<(Locator, Result<T, Failure>)> {
    chunk.into_iter().map(|locator| (locator, Err(failure.clone()))).collect()
}

fn wait_of(failure: &Failure) -> Option<Span> {
    match failure {
        Failure::Throttled { wait } => *wait,
        _ => None,
    }
}

/// A random number; without randomness all wait the whole time, which is no harm.
fn luck() -> u8 {
    let mut byte = [u8::MAX];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
