//! A small world with one target, and a crew for it.

use std::sync::Arc;

use pilotage_artifact::{Digest, Release, ReleaseId};
use pilotage_driver::drive::{Crew, Driver, DriverError, Finished, Interruptions, Patience};
use pilotage_driver::role::{Clock, JournalStore, Target};
use pilotage_rollout::gate::{Gate, HealthRule};
use pilotage_rollout::journal::{Entry, RunId};
use pilotage_rollout::plan::{Kind, Plan, Planned, Request, plan};
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Strategy};
use pilotage_rollout::target::{
    Action, Capabilities, Fencing, MigrationId, RollingControl, TrafficControl,
};
use pilotage_rollout::{Effect, Event, Moment, Share, Span};
use pilotage_testkit::fake::{
    Death, FakeClock, FakeJournals, FakeLease, FakeMigrator, FakeTarget, FakeWatcher,
};

/// When every test begins: 2026-01-01, 00:00 UTC.
pub(crate) const DAWN: Moment = Moment::from_millis(1_767_225_600_000);

pub(crate) struct Harbour {
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) death: Arc<Death>,
    pub(crate) journals: Arc<FakeJournals>,
    pub(crate) lease: FakeLease,
    pub(crate) target: Arc<FakeTarget>,
    pub(crate) migrator: Arc<FakeMigrator>,
    pub(crate) watcher: Arc<FakeWatcher>,
}

pub(crate) fn release(name: &str, sequence: u64) -> Release {
    let id = name.parse().expect("it is a name");
    Release { id, digest: Digest::of(name.as_bytes()), sequence }
}

pub(crate) fn old() -> Release {
    release("v1", 1)
}

pub(crate) fn new() -> Release {
    release("v2", 2)
}

pub(crate) fn run() -> RunId {
    RunId("run-1".into())
}

pub(crate) const CAN: Capabilities = Capabilities {
    traffic: TrafficControl::Weights { granularity: Share::NONE },
    rolling: RollingControl::Driven,
    preview: true,
    fencing: Fencing::Enforced,
    lag: Span::from_secs(1),
    settle: Span::from_secs(10),
};

pub(crate) fn blue_green(before: Vec<Gate>) -> Strategy {
    Strategy::BlueGreen(BlueGreen { before, after: vec![], keep: Span::from_secs(30) })
}

pub(crate) fn canary(gates: Vec<Gate>) -> Strategy {
    let traffic = Share::from_percent(25).expect("it is a share");
    Strategy::Canary(Canary { steps: vec![CanaryStep { traffic, gates }], after: vec![] })
}

impl Harbour {
    pub(crate) fn new() -> Self {
        let death = Arc::new(Death::default());
        let clock = Arc::new(FakeClock::new(DAWN));
        let journals = Arc::new(FakeJournals::mortal(death.clone()));
        let target = FakeTarget::serving(&old(), 4, &[new()], CAN, clock.clone());
        Self {
            lease: FakeLease::new(Span::from_secs(60), clock.clone(), death.clone()),
            target: Arc::new(target.strict(journals.clone()).mortal(death.clone())),
            migrator: Arc::new(FakeMigrator::mortal(death.clone())),
            watcher: Arc::new(FakeWatcher::new(journals.clone(), run())),
            clock,
            death,
            journals,
        }
    }

    /// What a driver needs; each process has its own handle on the lease.
    pub(crate) fn crew(&self) -> Crew {
        let lease = Arc::new(self.lease.clone());
        let (target, journals) = (self.target.clone(), self.journals.clone());
        let mut crew = Crew::new(target, journals, lease, self.clock.clone());
        crew.migrator = self.migrator.clone();
        crew.watcher = self.watcher.clone();
        crew
    }

    pub(crate) fn driver(&self) -> Driver {
        driver(self.crew())
    }

    /// A request that any test can change.
    pub(crate) fn request(strategy: Strategy) -> Request {
        Request {
            kind: Kind::Deploy,
            target: "shop".into(),
            to: new(),
            strategy,
            size: None,
            health: HealthRule::default(),
            migration: Some(MigrationId("0002-add-email".into())),
            keep: Some(vec![]),
            limits: None,
            allow_downgrade: false,
            valid_for: Span::from_mins(30),
        }
    }

    pub(crate) async fn plan(&self, strategy: Strategy) -> Arc<Plan> {
        self.plan_for(Self::request(strategy)).await
    }

    pub(crate) async fn plan_for(&self, request: Request) -> Arc<Plan> {
        let seen = self.target.observe().await.expect("the target can be read");
        match plan(request, &seen, &CAN, self.clock.now()).expect("the request can be planned") {
            Planned::Plan(plan) => plan,
            Planned::Unchanged(release) => panic!("{release} serves already"),
        }
    }

    pub(crate) async fn deploy(&self, strategy: Strategy) -> Result<Finished, DriverError> {
        let plan = self.plan(strategy).await;
        self.driver().drive(run(), plan, Interruptions::none()).await
    }

    pub(crate) async fn resume(&self) -> Result<Finished, DriverError> {
        self.driver().resume(run(), Interruptions::none()).await
    }

    pub(crate) fn serves(&self) -> Option<ReleaseId> {
        self.target.wholly()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        let events = self.journals.records(&run()).into_iter();
        let event = |entry| match entry {
            Entry::Happened(event) => Some(event),
            Entry::Opened { .. } | Entry::Intent(_) => None,
        };
        events.filter_map(|record| event(record.entry)).collect()
    }

    /// The orders that were announced in the journal.
    pub(crate) fn intents(&self) -> Vec<Action> {
        let intent = |entry| match entry {
            Entry::Intent(order) => Some(order.action),
            Entry::Opened { .. } | Entry::Happened(_) => None,
        };
        let records = self.journals.records(&run()).into_iter();
        records.filter_map(|record| intent(record.entry)).collect()
    }

    /// The windows that the run asked the metrics for, by its own clock.
    pub(crate) fn asked(&self) -> Vec<(Moment, Moment)> {
        let records = self.journals.records(&run());
        let mut windows = Vec::new();
        for end in 1..=records.len() {
            let state = pilotage_rollout::journal::replay(&records[..end]);
            if let Effect::Measure { from, to, .. } = state.expect("it is sound").run.effect() {
                windows.push((*from, *to));
            }
        }
        windows
    }

    /// Waits until this much time has passed since dawn.
    pub(crate) async fn clock_reaches(&self, span: Span) {
        let left = span.as_millis().saturating_sub(self.clock.elapsed().as_millis());
        self.clock.sleep(Span::from_millis(left)).await;
    }

    /// The journal as its store has it.
    pub(crate) async fn bytes(&self) -> Vec<u8> {
        self.journals.load(&run()).await.unwrap_or_default()
    }
}

pub(crate) fn driver(crew: Crew) -> Driver {
    Driver::new(crew, Patience::default(), "https://ci.example/jobs/1".into())
}
