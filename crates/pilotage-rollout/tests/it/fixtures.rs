//! Short ways to say what the tests are about: releases, requests, capabilities and gates.

use std::sync::Arc;

use pilotage_artifact::{Digest, Release, ReleaseId};
use pilotage_judge::{
    Method, MetricName, Panel, Risk, Rule, Sequential, Threshold, ThresholdOptions,
};
use pilotage_rollout::gate::{Gate, HealthRule, Inconclusive, Judging, Manual, Smoke, Via};
use pilotage_rollout::plan::{Kind, Limits, Planned, Request};
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Rolling, Strategy};
use pilotage_rollout::target::{
    Delegation, Failing, Fence, Fencing, Group, RollingControl, TrafficControl,
};
use pilotage_rollout::{Capabilities, Moment, Observation, Plan, Share, Span, Step, plan};

pub(crate) const START: Moment = Moment::from_millis(1_000_000);

pub(crate) const fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

pub(crate) fn percent(percent: u16) -> Share {
    Share::from_percent(percent).unwrap()
}

pub(crate) fn id(name: &str) -> ReleaseId {
    name.parse().unwrap()
}

/// A release `v<number>` whose content is its name.
pub(crate) fn release(number: u64) -> Release {
    let name = format!("v{number}");
    Release { id: id(&name), digest: Digest::of(name.as_bytes()), sequence: number }
}

/// All units of a release, healthy, with this share of the traffic.
pub(crate) fn group(release: Release, units: u16, share: Share) -> Group {
    let (desired, ready, restarts, in_flight) = (units, units, 0, Some(0));
    Group { release, desired, ready, restarts, in_flight, share, failing: Vec::new() }
}

pub(crate) fn failing(hopeless: bool) -> Failing {
    Failing { unit: "unit-1".into(), reason: "no such image".into(), hopeless }
}

pub(crate) fn live(groups: Vec<Group>) -> Observation {
    Observation { fence: Fence(0), incarnation: 1, groups, delegation: Delegation::Idle }
}

/// Four units of `v1` serve.
pub(crate) fn v1_serves() -> Observation {
    live(vec![group(release(1), 4, Share::ALL)])
}

/// A target with weights in whole percent that leaves rolling to the engine.
pub(crate) fn can() -> Capabilities {
    Capabilities {
        traffic: TrafficControl::Weights { granularity: percent(1) },
        rolling: RollingControl::Driven,
        preview: true,
        fencing: Fencing::Enforced,
        lag: Span::ZERO,
        settle: secs(5),
    }
}

/// A target whose platform rolls by itself.
pub(crate) fn can_delegate() -> Capabilities {
    Capabilities { rolling: RollingControl::Delegated, ..can() }
}

/// Short limits with round numbers.
pub(crate) fn limits() -> Limits {
    Limits {
        prove: secs(60),
        confirm: secs(30),
        drain: secs(10),
        delegated: secs(120),
        migrate: secs(90),
        poll: secs(1),
        lag: Span::ZERO,
        settle: secs(5),
        tries: 3,
        repairs: 2,
        calls: 0,
    }
}

/// Two of three looks, a second apart.
pub(crate) fn health() -> HealthRule {
    HealthRule::new(2, 3, secs(1), secs(10)).unwrap()
}

/// Asks for `v2` by this strategy.
pub(crate) fn request(strategy: Strategy) -> Request {
    Request {
        kind: Kind::Deploy,
        target: "shop".into(),
        to: release(2),
        strategy,
        size: None,
        health: health(),
        migration: None,
        keep: None,
        limits: Some(limits()),
        allow_downgrade: false,
        valid_for: Span::from_mins(10),
    }
}

pub(crate) fn planned(request: Request, seen: &Observation, can: &Capabilities) -> Arc<Plan> {
    match plan::plan(request, seen, can, START).unwrap() {
        Planned::Plan(plan) => plan,
        Planned::Unchanged(release) => panic!("`{release}` is unchanged"),
    }
}

pub(crate) fn rolling(batches: u16, gates: Vec<Gate>) -> Strategy {
    Strategy::Rolling(Rolling { batches, gates })
}

pub(crate) fn blue_green(before: Vec<Gate>, after: Vec<Gate>) -> Strategy {
    Strategy::BlueGreen(BlueGreen { before, after, keep: secs(5) })
}

/// A canary of these shares in percent, with the same gates at each.
pub(crate) fn canary(shares: &[u16], gates: &[Gate]) -> Strategy {
    let step = |share: &u16| CanaryStep { traffic: percent(*share), gates: gates.to_vec() };
    Strategy::Canary(Canary { steps: shares.iter().map(step).collect(), after: Vec::new() })
}

/// A step in percent of capacity, traffic and what is left of the stable release.
pub(crate) fn step(capacity: u16, traffic: u16, stable: u16) -> Step {
    let [capacity, traffic, stable] = [capacity, traffic, stable].map(percent);
    Step { capacity, traffic, gates: Vec::new(), stable }
}

pub(crate) const fn soak(span: Span) -> Gate {
    Gate::Soak(span)
}

pub(crate) fn smoke(via: Via, attempts: u8) -> Gate {
    Gate::Smoke(Smoke { check: "front page".into(), via, attempts, interval: secs(2) })
}

pub(crate) fn manual() -> Gate {
    Gate::Manual(Manual { question: "ship it?".into() })
}

pub(crate) fn judging(panel: Panel, inconclusive: Inconclusive) -> Gate {
    Gate::Judge(Judging { panel, interval: secs(2), horizon: secs(20), inconclusive })
}

/// Passes after three looks at a latency of at most 100 ms, fails at the second breach.
pub(crate) fn latency_panel() -> Panel {
    let options =
        ThresholdOptions { max: Some(100.0), breaches: 2, of_looks: 3, ..Default::default() };
    let method = Method::Threshold(Threshold::try_from(options).unwrap());
    Panel::of(Rule::new("latency".parse().unwrap(), method), Risk::ONE_PERCENT)
}

/// Compares error rates, so that both sides need traffic.
pub(crate) fn comparing_panel() -> Panel {
    let method = Method::Sequential(Sequential::default());
    Panel::of(Rule::new(MetricName::errors(), method), Risk::ONE_PERCENT)
}

/// An error with its sources, as a person reads it.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
