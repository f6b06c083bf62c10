//! From a scenario to the request that a person would have made.

use std::sync::Arc;

use pilotage_judge::{Method, MetricName, Panel, Risk, Rule};
use pilotage_rollout::gate::{Gate, HealthRule, Inconclusive, Judging, Manual, Smoke, Via};
use pilotage_rollout::plan::{Kind as PlanKind, Limits, Planned, Refusal, Request, plan};
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Rolling, Step, Strategy};
use pilotage_rollout::target::MigrationId;
use pilotage_rollout::{Plan, Share, Span};

use super::scenario::{Kind, Scenario, Schema, Start, Way};
use super::world::{World, new_release};

/// The plan that the engine is given.
pub fn planned(scenario: Scenario, world: &World) -> Result<Arc<Plan>, Refusal> {
    let live = world.snapshot();
    match plan(request(scenario, world), &live, &world.physics.can, world.now)? {
        Planned::Plan(plan) => Ok(plan),
        Planned::Unchanged(release) => {
            Err(Refusal::Unfinished { one: release.clone(), other: release })
        }
    }
}

fn request(scenario: Scenario, world: &World) -> Request {
    let rollback = scenario.start == Start::Rollback;
    let mut limits = Limits::usual(&world.physics.can);
    limits.prove = Span::from_mins(3);
    limits.drain = Span::from_mins(1);
    limits.delegated = Span::from_mins(10);
    Request {
        kind: if rollback { PlanKind::Rollback } else { PlanKind::Deploy },
        target: String::from("simulated"),
        to: new_release(),
        strategy: strategy(scenario),
        size: Some(scenario.size),
        health: rule(),
        migration: (scenario.schema == Schema::Expand).then(|| MigrationId("0042".into())),
        keep: Some(Vec::new()),
        limits: Some(limits),
        allow_downgrade: false,
        valid_for: Span::from_mins(60),
    }
}

/// Two good observations of two: the shortest proof that is one.
fn rule() -> HealthRule {
    HealthRule::new(2, 2, Span::from_secs(5), Span::from_secs(30)).unwrap_or_default()
}

fn strategy(scenario: Scenario) -> Strategy {
    let whole = scenario.kind == Kind::Service;
    match scenario.way {
        Way::Rolling => Strategy::Rolling(Rolling {
            batches: scenario.size.min(3),
            gates: vec![Gate::Soak(Span::from_secs(20))],
        }),
        Way::BlueGreen => Strategy::BlueGreen(BlueGreen {
            before: vec![smoke(Via::Preview)],
            after: vec![smoke(Via::Production)],
            keep: Span::from_secs(40),
        }),
        Way::Canary if !whole => Strategy::Canary(canary()),
        Way::Canary | Way::Custom if whole => Strategy::Custom(vec![
            step(100, 0, 100, vec![smoke(Via::Preview), ask()]),
            step(100, 100, 0, vec![Gate::Soak(Span::from_secs(30))]),
        ]),
        Way::Canary | Way::Custom => Strategy::Custom(vec![
            step(50, 0, 100, vec![smoke(Via::Preview)]),
            step(50, 25, 100, vec![ask()]),
            step(100, 60, 50, vec![Gate::Soak(Span::from_secs(20))]),
            step(100, 100, 0, vec![]),
        ]),
    }
}

fn canary() -> Canary {
    let step = |percent, gates| CanaryStep { traffic: share(percent), gates };
    Canary {
        steps: vec![step(10, vec![judge()]), step(50, vec![Gate::Soak(Span::from_secs(15))])],
        after: vec![Gate::Soak(Span::from_secs(15))],
    }
}

fn share(percent: u16) -> Share {
    Share::from_percent(percent).unwrap_or(Share::ALL)
}

fn step(capacity: u16, traffic: u16, stable: u16, gates: Vec<Gate>) -> Step {
    Step { capacity: share(capacity), traffic: share(traffic), gates, stable: share(stable) }
}

fn judge() -> Gate {
    let rule = Rule::new(MetricName::errors(), Method::default());
    Gate::Judge(Judging {
        panel: Panel::of(rule, Risk::ONE_PERCENT),
        interval: Span::from_secs(30),
        horizon: Span::from_mins(5),
        inconclusive: Inconclusive::Revert,
    })
}

fn smoke(via: Via) -> Gate {
    let interval = Span::from_secs(5);
    Gate::Smoke(Smoke { check: "front-page".into(), via, attempts: 2, interval })
}

fn ask() -> Gate {
    Gate::Manual(Manual { question: "does it look right?".into() })
}
