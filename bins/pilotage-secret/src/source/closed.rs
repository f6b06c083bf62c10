//! A place that could not be opened.

use core::num::NonZeroUsize;

use async_trait::async_trait;
use pilotage_secrets::{Description, Errand, Failure, Fetched, Lane, Locator, SecretSource, Words};

/// Answers for a place that could not be opened: with the reason, for each reference.
#[derive(Debug)]
pub(super) struct Closed {
    place: &'static str,
    is_there: fn(&Locator) -> bool,
    failure: Failure,
}

impl Closed {
    /// The place, what is in it, and why nobody gets in.
    pub(super) fn new(place: &'static str, is_there: fn(&Locator) -> bool, why: &str) -> Self {
        Self { place, is_there, failure: Failure::NoSource { said: Words::new(why) } }
    }
}

#[async_trait]
impl SecretSource for Closed {
    fn place(&self) -> String {
        self.place.into()
    }

    fn lane(&self, _: Errand, locator: &Locator) -> Option<Lane> {
        let lane = || Lane {
            name: self.place.into(),
            batch: NonZeroUsize::MAX,
            parallel: NonZeroUsize::MIN,
        };
        (self.is_there)(locator).then(lane)
    }

    async fn fetch(&self, wanted: &[Locator]) -> Vec<Result<Fetched, Failure>> {
        vec![Err(self.failure.clone()); wanted.len()]
    }

    async fn describe(&self, wanted: &[Locator]) -> Vec<Result<Description, Failure>> {
        vec![Err(self.failure.clone()); wanted.len()]
    }
}
