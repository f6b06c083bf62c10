//! A vault, a clock and a resolver over both.

use std::sync::Arc;

use pilotage_rollout::Moment;
use pilotage_secrets::resolve::Resolver;
use pilotage_secrets::{Locator, Reference};
use pilotage_testkit::fake::{FakeClock, FakeVault};

/// What most tests need.
pub(crate) struct Harbour {
    pub(crate) vault: Arc<FakeVault>,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) resolver: Resolver,
}

impl Harbour {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(FakeClock::new(Moment::from_millis(1_800_000_000_000)));
        let vault = Arc::new(FakeVault::new(clock.clone()));
        let resolver = Resolver::new(vec![vault.clone()], clock.clone());
        Self { vault, clock, resolver }
    }
}

pub(crate) fn reference(text: &str) -> Reference {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn locator(text: &str) -> Locator {
    reference(text).locator().clone()
}
