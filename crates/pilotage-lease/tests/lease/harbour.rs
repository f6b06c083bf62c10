//! A store in memory, a clock that is turned, and whoever wants a lease.

use std::sync::Arc;

use pilotage_clock::Clock as _;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, Waiting};
use pilotage_lease::machine::{Busy, Claim};
use pilotage_lease::{Card, LeaseName, Moment, OwnerId, Record, Span, Term, Ticket};
use pilotage_testkit::fake::{FakeClock, FakeLeaseStore};

pub(crate) const DAWN: Moment = Moment::from_millis(1_700_000_000_000);

pub(crate) struct Harbour {
    pub(crate) store: FakeLeaseStore,
    pub(crate) clock: Arc<FakeClock>,
}

impl Harbour {
    pub(crate) fn new() -> Self {
        Self { store: FakeLeaseStore::default(), clock: Arc::new(FakeClock::new(DAWN)) }
    }

    pub(crate) fn client(&self) -> LeaseClient {
        LeaseClient::new(name(), Arc::new(self.store.clone()), self.clock.clone())
    }

    pub(crate) fn record(&self) -> Record {
        self.store.record(&name()).expect("somebody has written")
    }

    pub(crate) async fn held(&self, owner: u128) -> Held {
        match self.asked(claim(owner), Waiting::NOT).await {
            Acquisition::Held(held) => held,
            Acquisition::Busy(busy) => panic!("somebody has it: {busy}"),
        }
    }

    pub(crate) async fn busy(&self, owner: u128, waiting: Waiting) -> Busy {
        match self.asked(claim(owner), waiting).await {
            Acquisition::Busy(busy) => busy,
            Acquisition::Held(held) => panic!("it is taken under {}", held.fence()),
        }
    }

    pub(crate) async fn asked(&self, claim: Claim, waiting: Waiting) -> Acquisition {
        let answer = self.client().acquire(claim, waiting, &mut |_| ()).await;
        answer.expect("the store can be used")
    }

    pub(crate) async fn pass(&self, secs: u64) {
        self.clock.sleep(Span::from_secs(secs)).await;
    }
}

pub(crate) fn name() -> LeaseName {
    "shop".parse().expect("a name")
}

pub(crate) fn claim(owner: u128) -> Claim {
    let term = Term::new(Span::from_secs(30)).expect("a term");
    Claim { term, ..Claim::new(OwnerId::from_bits(owner), Card::of(format!("job {owner}"))) }
}

pub(crate) fn with_ticket(owner: u128, ticket: Ticket) -> Claim {
    Claim { ticket: Some(ticket), ..claim(owner) }
}
