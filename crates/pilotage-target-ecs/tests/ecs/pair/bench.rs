//! A pair of services, one of which runs three tasks of the first image, and the engine that drives it.
//!
//! Before each effect of a run, requests are sent by the weights that the control plane holds: nobody
//! may be turned away.

use std::collections::BTreeMap;
use std::sync::Arc;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::role::Target as _;
use pilotage_rollout::gate::{Gate, HealthRule};
use pilotage_rollout::plan::{Kind, Limits, Plan, Planned, Request, plan};
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Strategy};
use pilotage_rollout::{Effect, Fence, Run, Share, Span, Verdict};
use pilotage_target_ecs::{EcsPair, PairPlace, Side};

use crate::bench::{Bench, definition, image, images};

/// A fake with the services `shop/blue` and `shop/green`; blue serves.
pub(crate) struct PairBench {
    pub(crate) base: Bench,
    pub(crate) rule: String,
    pub(crate) preview: String,
    pub(crate) groups: [String; 2],
}

pub(crate) fn percent(percent: u16) -> Share {
    Share::from_percent(percent).expect("a share")
}

pub(crate) fn blue_green() -> Strategy {
    let after = vec![Gate::Soak(Span::from_secs(5))];
    Strategy::BlueGreen(BlueGreen { before: vec![], after, keep: Span::from_secs(5) })
}

/// A tenth, a half, and then all.
pub(crate) fn canary() -> Strategy {
    let step = |share| {
        let gates = vec![Gate::Soak(Span::from_secs(5))];
        CanaryStep { traffic: percent(share), gates }
    };
    Strategy::Canary(Canary { steps: vec![step(10), step(50)], after: vec![] })
}

impl PairBench {
    pub(crate) async fn new() -> Self {
        Self::with_rule(|world, [blue, green]| world.make_rule("web", &[(blue, 100), (green, 0)]))
            .await
    }

    /// A rule that knows nothing of the second service yet.
    pub(crate) async fn unprepared() -> Self {
        Self::with_rule(|world, [blue, _]| world.make_rule("web", &[(blue, 1)])).await
    }

    pub(crate) async fn with_rule(
        make: impl FnOnce(&mut pilotage_testkit::fake::ecs::World, [&str; 2]) -> String,
    ) -> Self {
        let base = Bench::new().await;
        let (rule, preview, groups) = base.fake.world(|world| {
            world.services.clear();
            world.per_call = 100;
            let groups = ["blue", "green"].map(|name| world.make_group(name));
            let [blue, green] = &groups;
            let rule = make(world, [blue, green]);
            let preview = world.make_rule("test", &[(blue, 1)]);
            let old = world.define(&definition(0));
            world.serve("blue", &base.first, 3);
            world.serve("green", &old, 0);
            world.attach("blue", blue);
            world.attach("green", green);
            world.advance(60_000);
            (rule, preview, groups)
        });
        Self { base, rule, preview, groups }
    }

    /// The pair, as a process that has just begun sees it.
    pub(crate) fn target(&self) -> EcsPair {
        let arn = |text: &str| text.parse().expect("an ARN");
        let side = |name: &str, group: &String| Side {
            service: format!("shop/{name}").parse().expect("a name"),
            group: group.clone(),
        };
        let [blue, green] = &self.groups;
        let sides = [side("blue", blue), side("green", green)];
        let place = PairPlace::new(sides, arn(&self.rule), Some(arn(&self.preview)));
        EcsPair::new(&self.base.ecs, &self.base.elb, place.expect("a pair"), self.base.clock())
    }

    pub(crate) async fn composed(&self, target: &EcsPair, number: u8) -> Release {
        let id: ReleaseId = format!("v{number}").parse().expect("a name");
        target
            .compose(Some(id), Some(number.into()), &images(number))
            .await
            .expect("it can be composed")
    }

    pub(crate) async fn plan(
        &self,
        target: &EcsPair,
        kind: Kind,
        (to, strategy): (Release, Strategy),
    ) -> Planned {
        let can = target.capabilities();
        let request = Request {
            kind,
            target: "shop/web".into(),
            to,
            strategy,
            size: None,
            health: HealthRule::new(1, 1, Span::from_secs(5), Span::from_secs(30)).expect("a rule"),
            migration: None,
            keep: Some(vec![]),
            limits: Some(Limits { drain: Span::from_secs(10), ..Limits::usual(&can) }),
            allow_downgrade: false,
            valid_for: Span::from_mins(30),
        };
        let seen = target.observe().await.expect("it can be read");
        plan(request, &seen, &can, self.base.now()).expect("it can be planned")
    }

    pub(crate) async fn planned(
        &self,
        target: &EcsPair,
        number: u8,
        strategy: Strategy,
    ) -> Arc<Plan> {
        let to = self.composed(target, number).await;
        match self.plan(target, Kind::Deploy, (to, strategy)).await {
            Planned::Plan(plan) => plan,
            Planned::Unchanged(release) => panic!("{release} serves already"),
        }
    }

    /// Deploys the image of this number to the end, with requests all the while.
    pub(crate) async fn deploy(&self, number: u8, strategy: Strategy) -> Verdict {
        let target = self.target();
        let plan = self.planned(&target, number, strategy).await;
        let run = Run::open(plan, Fence(number.into()), self.base.now());
        self.drive(&target, run, |_| false).await.verdict().expect("it is over")
    }

    /// Drives a run until it has a verdict, or until it is to die before an effect.
    pub(crate) async fn drive(
        &self,
        target: &EcsPair,
        run: Run,
        mut dies: impl FnMut(&Effect) -> bool,
    ) -> Run {
        let served = |effect: &Effect| {
            let answers = self.requests(20);
            assert!(!answers.contains_key(""), "before {effect:?}: {answers:?}");
            dies(effect)
        };
        let run = self.base.drive(target, run, served).await;
        let breaches = self.base.fake.world(|world| world.balancer.breaches.clone());
        assert!(breaches.is_empty(), "{breaches:?}");
        run
    }

    /// Sends so many requests: how many each image has answered.
    pub(crate) fn requests(&self, count: u32) -> BTreeMap<String, u32> {
        self.base.fake.world(|world| world.send(&self.rule, "web", count))
    }

    pub(crate) fn weights(&self) -> Vec<u16> {
        self.base.fake.world(|world| world.weights(&self.rule))
    }

    /// The image that answers every request, with three tasks, while nothing else runs.
    pub(crate) fn wholly(&self) -> Option<String> {
        let runs = self.base.fake.world(|world| {
            let mut runs = world.running("blue", "web");
            runs.extend(world.running("green", "web"));
            runs
        });
        let answers: Vec<(String, u32)> = self.requests(100).into_iter().collect();
        match (runs.into_iter().collect::<Vec<_>>().as_slice(), answers.as_slice()) {
            ([(runs, 3)], [(answers, 100)]) if runs == answers => Some(answers.clone()),
            _ => None,
        }
    }

    pub(crate) fn assert_wholly(&self, number: u8) {
        assert_eq!(self.wholly(), Some(image(number)), "weights {:?}", self.weights());
    }
}
