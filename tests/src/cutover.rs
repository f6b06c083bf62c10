//! Consecutive cutovers under load, by every strategy, through the real engine, driver and daemon.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::drive::{Crew, Driver, Interruptions, Patience};
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_driver::role::{Clock, LeaseFailure, SystemClock};
use pilotage_host::artifacts::{ArtifactStore, Program};
use pilotage_host::local::{LocalMetrics, LocalTarget};
use pilotage_host::wire::ReleaseSpec;
use pilotage_rollout::gate::HealthRule;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::{Kind, Limits, Plan, Planned, Request, plan};
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Rolling, Strategy};
use pilotage_rollout::{Share, Span, Verdict};
use serde::{Deserialize, Serialize};

use crate::account::{Account, Sums, chain};
use crate::error::Trouble;
use crate::place::Place;
use crate::standing::Standing;
use crate::traffic;

/// Units of each release.
const UNITS: u16 = 2;
const POLL: Span = Span::from_millis(20);
/// How long `WebSocket`s may live once their release has no traffic.
const DRAIN: Span = Span::from_millis(150);

/// How many cutovers, and how long the load goes on before and after them.
#[derive(Debug, Clone, Copy)]
pub struct Programme {
    /// Cutovers.
    pub count: u32,
    /// How long it is watched before the first and after the last.
    pub calm: Duration,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Cutovers that ended with exactly the new release.
    pub cutovers: u32,
    /// How long all of them took.
    pub seconds: f64,
    /// What became of the requests.
    pub sums: Sums,
}

/// Holds the rehearsal.
pub async fn rehearse(pilotage: &Path, programme: Programme) -> Result<Figures, Trouble> {
    Place::hold(pilotage, async |place| Rehearsal::on(place)?.run(programme).await).await
}

struct Rehearsal<'a> {
    place: &'a Place,
    clock: Arc<SystemClock>,
    standing: Arc<Standing>,
    crew: Crew,
}

impl<'a> Rehearsal<'a> {
    fn on(place: &'a Place) -> Result<Self, Trouble> {
        let clock = Arc::new(SystemClock::new());
        let standing = Arc::new(Standing::only(&name(0)));
        let state = place.home().join("state");
        let unfit = |failure: LeaseFailure| Trouble::otherwise(chain(&failure));
        let lease = FileLease::new(&state, "service").map_err(unfit)?;
        let journal = FileJournalStore::new(state.join("runs"));
        let target = LocalTarget::new(place.client().clone());
        let mut crew =
            Crew::new(Arc::new(target), Arc::new(journal), Arc::new(lease), clock.clone());
        crew.metrics = Arc::new(LocalMetrics::new(place.client().clone()));
        crew.watcher = standing.clone();
        Ok(Self { place, clock, standing, crew })
    }

    async fn run(self, programme: Programme) -> Result<Figures, Trouble> {
        self.deploy(0).await?;
        let account = Account::under(self.standing.clone());
        let load = traffic::heavy(self.place.address(), &account);
        self.watch(programme.calm).await;
        let began = self.clock.now();
        for number in 1..=programme.count {
            self.standing.switch(true);
            self.deploy(number).await?;
            self.standing.switch(false);
        }
        let seconds = seconds(self.clock.now().since(began));
        self.watch(programme.calm).await;
        load.stop().await;
        let sums = account.sums(&self.place.ledgers())?;
        Ok(Figures { cutovers: programme.count, seconds, sums })
    }

    async fn watch(&self, calm: Duration) {
        self.clock.sleep(Span::from_millis(u64::try_from(calm.as_millis()).unwrap_or(0))).await;
    }

    async fn deploy(&self, number: u32) -> Result<(), Trouble> {
        let release = self.register(number).await?;
        let plan = self.plan(release.clone(), strategy(number)).await?;
        let driver = Driver::new(self.crew.clone(), Patience::default(), "a rehearsal".into());
        let run = RunId(format!("run-{number}"));
        let finished = driver.drive(run, plan, Interruptions::none()).await?;
        if finished.verdict == (Verdict::Deployed { release: release.id }) {
            return Ok(());
        }
        Err(Trouble::otherwise(format!("cutover {number} ended with {finished:?}")))
    }

    async fn register(&self, number: u32) -> Result<Release, Trouble> {
        let health = "/health".parse().map_err(|error| invalid(&error))?;
        let program = Program {
            args: self.place.service_arguments(),
            ..Program::new(self.place.pilotage(), health)
        };
        let artifact = ArtifactStore::open(self.place.client().directory())?.add(program)?;
        let id: ReleaseId = name(number).parse().map_err(|error| invalid(&error))?;
        let spec =
            ReleaseSpec::new(id, number.into(), artifact).map_err(|error| invalid(&error))?;
        self.place.client().register(spec.clone()).await?;
        Ok(spec.release)
    }

    async fn plan(&self, to: Release, strategy: Strategy) -> Result<Arc<Plan>, Trouble> {
        let can = self.crew.target.capabilities();
        let known = self.place.client().observe().await?;
        let millis = Span::from_millis;
        let health = HealthRule::new(1, 1, millis(50), millis(10_000));
        let request = Request {
            kind: Kind::Deploy,
            target: "service".into(),
            to,
            strategy,
            size: Some(UNITS),
            health: health.map_err(|error| invalid(&error))?,
            migration: None,
            keep: Some(Vec::new()),
            limits: Some(Limits { poll: POLL, drain: DRAIN, ..Limits::usual(&can) }),
            allow_downgrade: false,
            valid_for: Span::from_mins(5),
        };
        match plan(request, &known, &can, self.clock.now()) {
            Ok(Planned::Plan(plan)) => Ok(plan),
            Ok(Planned::Unchanged(release)) => {
                Err(Trouble::otherwise(format!("`{release}` serves already")))
            }
            Err(refusal) => Err(invalid(&refusal)),
        }
    }
}

fn invalid(error: &dyn core::error::Error) -> Trouble {
    Trouble::otherwise(chain(error))
}

fn name(number: u32) -> String {
    format!("v{number}")
}

/// The strategies take turns.
fn strategy(number: u32) -> Strategy {
    let share = |percent| Share::from_percent(percent).unwrap_or(Share::ALL);
    match number % 3 {
        0 => Strategy::BlueGreen(BlueGreen { before: vec![], after: vec![], keep: Span::ZERO }),
        1 => Strategy::Rolling(Rolling { batches: UNITS, gates: vec![] }),
        _ => {
            let step = |percent| CanaryStep { traffic: share(percent), gates: vec![] };
            Strategy::Canary(Canary { steps: vec![step(10), step(50)], after: vec![] })
        }
    }
}

fn seconds(span: Span) -> f64 {
    Duration::from_millis(span.as_millis()).as_secs_f64()
}
