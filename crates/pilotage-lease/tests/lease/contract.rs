//! The fake store keeps the contract of stores.

use std::sync::Arc;

use pilotage_testkit::contract;
use pilotage_testkit::fake::{FakeClock, FakeLeaseStore};

use crate::harbour::DAWN;

#[tokio::test(start_paused = true)]
async fn the_store_in_memory() {
    let store = FakeLeaseStore::default();
    let clock = Arc::new(FakeClock::new(DAWN));
    contract::lease_store(Arc::new(store.clone()), Arc::new(store), clock, "x-").await;
}
