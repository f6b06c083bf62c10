//! A service of three tasks, and the engine that deploys it.
//!
//! Time is that of the fake: it passes with each call, and where the run waits.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_artifact::{Digest, Release, ReleaseId};
use pilotage_aws::ecs::{Ecs, ServiceName};
use pilotage_aws::elb::Elb;
use pilotage_aws::session::Role;
use pilotage_aws::{Session, Settings};
use pilotage_clock::Clock;
use pilotage_driver::role::Target;
use pilotage_identity::TokenFile;
use pilotage_rollout::gate::{Gate, HealthRule};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::{Kind, Plan, Planned, Request, plan};
use pilotage_rollout::ramp::{Rolling, Strategy};
use pilotage_rollout::target::{Action, Order, Outcome, Stamp};
use pilotage_rollout::{Effect, Event, Fence, Moment, Observation, Run, Span, Verdict};
use pilotage_target_ecs::{EcsTarget, Images};
use pilotage_testkit::fake::FakeEcs;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The most effects of one run.
const MOST: usize = 5_000;

/// A fake with the service `shop/web`, which runs the first image.
pub(crate) struct Bench {
    pub(crate) fake: Arc<FakeEcs>,
    pub(crate) ecs: Ecs,
    pub(crate) session: Session,
    pub(crate) elb: Elb,
    pub(crate) first: String,
    begin: u64,
    /// The token of the session is in it.
    _folder: TempDir,
}

/// An image of the service, by its number.
pub(crate) fn image(number: u8) -> String {
    format!("registry.example.org/shop/web@{}", Digest::of(&[number]))
}

pub(crate) fn images(number: u8) -> Images {
    Images::from([("web".into(), image(number).parse().expect("an image"))])
}

/// What was registered for the first image, by hand.
pub(crate) fn definition(number: u8) -> Value {
    json!({
        "family": "web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "invented2031": { "kept": true },
        "containerDefinitions": [
            { "name": "web", "image": image(number), "portMappings": [{ "containerPort": 80 }] },
            { "name": "log", "image": "registry.example.org/shop/log@sha256:77", "essential": false },
        ],
    })
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let fake = Arc::new(FakeEcs::start().await.expect("a port"));
        let folder = tempfile::tempdir().expect("a folder");
        let token = folder.path().join("token");
        write(&token, "token.of.ci");
        let role = Role {
            arn: "arn:aws:iam::000000000000:role/deploy".parse().expect("a role"),
            session: "run-42".parse().expect("a name"),
            external_id: None,
            web_identity: Some(Arc::new(TokenFile::new(token))),
        };
        let settings = Settings {
            region: Some("eu-central-1".into()),
            profile: None,
            endpoint: Some(fake.address().into()),
            role: Some(role),
            clock: None,
        };
        let session = Session::open(&settings).await.expect("all is given");
        let (first, begin) = fake.world(|world| {
            let first = world.define(&definition(1));
            world.serve("web", &first, 3);
            (first, world.now)
        });
        Self {
            ecs: Ecs::new(&session),
            elb: Elb::new(&session),
            session,
            fake,
            first,
            begin,
            _folder: folder,
        }
    }

    /// The service, as a process that has just begun sees it.
    pub(crate) fn target(&self) -> EcsTarget {
        EcsTarget::new(&self.ecs, name(), self.clock())
    }

    pub(crate) fn clock(&self) -> Arc<FakeTime> {
        Arc::new(FakeTime { fake: self.fake.clone(), begin: self.begin })
    }

    /// What is planned for the image of this number.
    pub(crate) async fn plan(&self, target: &EcsTarget, number: u8) -> Planned {
        let id: ReleaseId = format!("v{number}").parse().expect("a name");
        let to = target
            .compose(Some(id), Some(number.into()), &images(number))
            .await
            .expect("it can be");
        self.plan_for(target, Kind::Deploy, to).await
    }

    pub(crate) async fn plan_for(&self, target: &EcsTarget, kind: Kind, to: Release) -> Planned {
        self.plan_with(target, kind, to, vec![]).await
    }

    pub(crate) async fn plan_with(
        &self,
        target: &EcsTarget,
        kind: Kind,
        to: Release,
        gates: Vec<Gate>,
    ) -> Planned {
        let request = Request {
            kind,
            target: "shop/web".into(),
            to,
            strategy: Strategy::Rolling(Rolling { batches: 1, gates }),
            size: None,
            health: HealthRule::default(),
            migration: None,
            keep: None,
            limits: None,
            allow_downgrade: false,
            valid_for: Span::from_mins(30),
        };
        let seen = target.observe().await.expect("it can be read");
        plan(request, &seen, &target.capabilities(), self.now()).expect("it can be planned")
    }

    pub(crate) async fn planned(&self, target: &EcsTarget, number: u8) -> Arc<Plan> {
        match self.plan(target, number).await {
            Planned::Plan(plan) => plan,
            Planned::Unchanged(release) => panic!("{release} serves already"),
        }
    }

    /// Deploys the image of this number, to the end.
    pub(crate) async fn deploy(&self, number: u8) -> Verdict {
        self.deploy_under(Fence(1), number).await
    }

    /// The same, when others have deployed before.
    pub(crate) async fn deploy_after(&self, number: u8) -> Verdict {
        self.deploy_under(Fence(number.into()), number).await
    }

    async fn deploy_under(&self, fence: Fence, number: u8) -> Verdict {
        let target = self.target();
        let plan = self.planned(&target, number).await;
        let run = Run::open(plan, fence, self.now());
        self.drive(&target, run, |_| false).await.verdict().expect("it is over")
    }

    /// Drives a run until it has a verdict, or until it is to die before an effect.
    pub(crate) async fn drive(
        &self,
        target: &dyn Target,
        mut run: Run,
        mut dies: impl FnMut(&Effect) -> bool,
    ) -> Run {
        for _ in 0..MOST {
            let effect = run.effect().clone();
            if run.verdict().is_some() || dies(&effect) {
                return run;
            }
            let event = self.perform(target, &effect).await;
            run = run.advance(self.now(), &event).expect("a legal event");
        }
        panic!("there is no end: {:?}", run.phase());
    }

    pub(crate) async fn perform(&self, target: &dyn Target, effect: &Effect) -> Event {
        match effect {
            Effect::Act(order) => Event::Acted(target.apply(&RunId("run".into()), order).await),
            Effect::Observe => Event::Observed(target.observe().await),
            Effect::Wait { until } => {
                let left = until.since(self.now());
                self.fake.world(|world| world.advance(left.as_millis()));
                Event::Woke
            }
            other => panic!("nobody plays {other:?} here"),
        }
    }

    /// Sends one order under this fence.
    pub(crate) async fn order(&self, target: &dyn Target, fence: u64, action: Action) -> Outcome {
        let order = Order { stamp: Stamp { fence: Fence(fence), number: 1 }, action };
        target.apply(&RunId("run".into()), &order).await
    }

    /// Composes the image of this number and has ECS roll to it.
    pub(crate) async fn roll(&self, target: &EcsTarget, number: u8) -> Release {
        let id: ReleaseId = format!("v{number}").parse().expect("a name");
        let release =
            target.compose(Some(id), Some(number.into()), &images(number)).await.expect("composed");
        let roll = Action::Roll { release: release.id.clone() };
        assert_eq!(self.order(target, 1, roll).await, Outcome::Applied);
        release
    }

    /// Looks until it is so.
    pub(crate) async fn until(
        &self,
        target: &dyn Target,
        what: &str,
        is_so: impl Fn(&Observation) -> bool,
    ) -> Observation {
        for _ in 0..MOST {
            let seen = target.observe().await.expect("it can be read");
            if is_so(&seen) {
                return seen;
            }
        }
        panic!("waited for {what}; last seen: {:?}", target.observe().await);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment::from_millis(self.fake.world(|world| world.now))
    }

    /// The image that all tasks that run have, if it is one.
    pub(crate) fn serves(&self) -> Option<String> {
        let runs = self.fake.world(|world| world.running("web", "web"));
        match runs.into_iter().collect::<Vec<_>>().as_slice() {
            [(image, 3)] => Some(image.clone()),
            _ => None,
        }
    }

    /// The calls that changed something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let writes = |call: &String| !call.starts_with("Describe") && !call.starts_with("List");
        self.fake.calls().into_iter().filter(writes).collect()
    }
}

pub(crate) fn name() -> ServiceName {
    "shop/web".parse().expect("a name")
}

/// The time of the fake.
#[derive(Debug)]
pub(crate) struct FakeTime {
    fake: Arc<FakeEcs>,
    begin: u64,
}

#[async_trait]
impl Clock for FakeTime {
    /// The clock of this machine is ten minutes ahead of ECS's, for nothing may depend on it.
    fn now(&self) -> Moment {
        Moment::from_millis(self.fake.world(|world| world.now) + 600_000)
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.fake.world(|world| world.now) - self.begin)
    }

    async fn sleep(&self, span: Span) {
        self.fake.world(|world| world.advance(span.as_millis()));
    }
}

#[expect(clippy::disallowed_methods, reason = "tokens of CI systems come in files")]
fn write(file: &std::path::Path, text: &str) {
    std::fs::write(file, text).expect("it can be written");
}
