//! A database, a lease and a clock, and workers that use them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{
    Card, LeaseName, LeaseStore, OwnerId, Proposal, StoreFailure, Stored, Tag, Ticket, Written,
};
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::next::Gaps;
use pilotage_migration::saga::script::{Leap, Patience, Script, ScriptName, Sql};
use pilotage_migration::saga::told::Told;
use pilotage_migration::saga::work::{Work, work};
use pilotage_redact::Veil;
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::{Death, FakeClock, FakeDatabase, FakeProgram};

/// Records in memory, compared and swapped.
#[derive(Debug, Default)]
pub(crate) struct Records(Mutex<BTreeMap<String, Stored>>);

#[async_trait]
impl LeaseStore for Records {
    fn place(&self) -> String {
        "memory".into()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        Ok(self.0.lock().unwrap().get(name.as_str()).cloned())
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let mut records = self.0.lock().unwrap();
        if records.get(name.as_str()).map(|stored| &stored.tag) != proposal.expected.as_ref() {
            return Ok(Written::Refused);
        }
        let tag = Tag(proposal.record.revision.to_string());
        let stored = Stored { record: proposal.record.clone(), tag: tag.clone() };
        records.insert(name.as_str().into(), stored);
        Ok(Written::Applied(tag))
    }
}

pub(crate) struct Harbour {
    pub(crate) death: Arc<Death>,
    pub(crate) database: Arc<FakeDatabase>,
    pub(crate) program: Arc<FakeProgram>,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) lease: LeaseClient,
    pub(crate) told: Vec<Told>,
    pub(crate) waiting: Span,
}

impl Harbour {
    pub(crate) fn new() -> Self {
        let death = Arc::new(Death::default());
        let clock = Arc::new(FakeClock::new(Moment::from_millis(1_700_000_000_000)));
        let name = "shop-db".parse().unwrap();
        Self {
            database: Arc::new(FakeDatabase::mortal(Arc::clone(&death))),
            program: Arc::new(FakeProgram::mortal(Arc::clone(&death))),
            lease: LeaseClient::new(name, Arc::new(Records::default()), Arc::clone(&clock) as _),
            clock,
            death,
            told: Vec::new(),
            waiting: Span::from_secs(5),
        }
    }

    /// Takes the lease, from whoever had it and has died.
    pub(crate) async fn take(&self) -> Held {
        self.claim(None).await
    }

    /// Leaves the lease with a worker that took it over from a job, and is dead.
    pub(crate) async fn leave_to_the_dead(&self, doing: String) {
        let ticket = Some(self.take().await.ticket());
        let card = Card { doing, ..Card::of("a dead worker") };
        let claim = Claim { ticket, ..Claim::new(OwnerId::random().unwrap(), card) };
        let taken = self.lease.acquire(claim, Waiting::NOT, &mut |_| ()).await.unwrap();
        assert!(matches!(taken, Acquisition::Held(_)), "the ticket is good");
    }

    /// Takes the lease over.
    pub(crate) async fn take_over(&self, ticket: Ticket) -> Held {
        self.claim(Some(ticket)).await
    }

    async fn claim(&self, ticket: Option<Ticket>) -> Held {
        let claim =
            Claim { ticket, ..Claim::new(OwnerId::random().unwrap(), Card::of("a worker")) };
        let waiting = Waiting::up_to(Span::from_mins(5));
        match self.lease.acquire(claim, waiting, &mut |_| ()).await.unwrap() {
            Acquisition::Held(held) => held,
            Acquisition::Busy(busy) => panic!("it is {busy}'s"),
        }
    }

    pub(crate) async fn work(
        &mut self,
        scripts: &[Script],
        held: &mut Held,
    ) -> Result<u32, Failed> {
        let told = &mut self.told;
        let job = Work {
            scripts,
            gaps: Gaps::Refused,
            database: self.database.as_ref(),
            program: Some(self.program.as_ref()),
            clock: self.clock.as_ref() as &dyn Clock,
            waiting: self.waiting,
            veil: &Veil::default(),
        };
        work(job, held, &mut |what| told.push(what.clone())).await
    }

    /// A whole worker's life.
    pub(crate) async fn apply(&mut self, scripts: &[Script]) -> Result<u32, Failed> {
        let mut held = self.take().await;
        let ended = self.work(scripts, &mut held).await;
        held.release("done").await.unwrap();
        ended
    }
}

pub(crate) fn sql(text: &str) -> Sql {
    let patience = Patience { lock: Some(Span::from_secs(2)), statement: None, tries: 3 };
    Sql::new(text, patience)
}

pub(crate) fn script(name: &str, leaps: Vec<Leap>) -> Script {
    Script { name: ScriptName(name.into()), checksum: Digest::of(name.as_bytes()), leaps }
}

/// One migration of each kind.
pub(crate) fn scripts() -> Vec<Script> {
    vec![
        script("1", vec![Leap::Together(vec![sql("create a"), sql("create b")])]),
        script("2", vec![Leap::Alone(sql("index a")), Leap::Together(vec![sql("fill a")])]),
        script("3", vec![Leap::Program]),
        script("4", vec![]),
        script("5", vec![Leap::Alone(sql("index b")), Leap::Alone(sql("index c"))]),
    ]
}

pub(crate) const ALL: [&str; 6] =
    ["create a", "create b", "index a", "fill a", "index b", "index c"];
