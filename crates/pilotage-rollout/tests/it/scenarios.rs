//! One run of each kind, ready to start.

use pilotage_rollout::gate::{Inconclusive, Via};
use pilotage_rollout::plan::{Kind, Limits, Request};
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::target::{Fence, MigrationId};
use pilotage_rollout::{Capabilities, Observation, Share};

use crate::fixtures::*;
use crate::toy::Toy;
use crate::voyage::Voyage;

/// A run of what is asked, on a target in this state.
pub(crate) fn voyage(request: Request, seen: Observation, can: &Capabilities) -> Voyage {
    let plan = planned(request, &seen, can);
    let toy = Toy::new(&plan, seen);
    Voyage::new(&plan, toy)
}

/// A run of this strategy from `v1` to `v2`.
pub(crate) fn deploy(strategy: Strategy) -> Voyage {
    voyage(request(strategy), v1_serves(), &can())
}

/// A rolling update by the platform, with these gates.
pub(crate) fn delegated(gates: Vec<pilotage_rollout::gate::Gate>) -> Voyage {
    voyage(request(rolling(1, gates)), v1_serves(), &can_delegate())
}

/// A canary with migrations, every kind of gate, a target that lags, and a clean-up.
pub(crate) fn everything() -> Voyage {
    let gates = [
        soak(secs(4)),
        judging(latency_panel(), Inconclusive::Revert),
        smoke(Via::Production, 2),
        manual(),
    ];
    let asked = Request {
        migration: Some(MigrationId("0042".into())),
        keep: Some(vec![id("v1")]),
        limits: Some(Limits { lag: secs(2), ..limits() }),
        ..request(canary(&[25, 50], &gates))
    };
    let old = group(release(0), 0, Share::NONE);
    let seen = live(vec![old, group(release(1), 4, Share::ALL)]);
    voyage(asked, seen, &Capabilities { lag: secs(2), ..can() })
}

pub(crate) fn rollback() -> Voyage {
    let asked = Request { kind: Kind::Rollback, ..request(blue_green(vec![], vec![])) };
    let mut seen = live(vec![group(release(3), 4, Share::ALL)]);
    seen.fence = Fence(7);
    voyage(asked, seen, &can())
}

pub(crate) fn first_deploy() -> Voyage {
    let asked = Request { size: Some(3), ..request(blue_green(vec![], vec![])) };
    voyage(asked, live(vec![]), &can())
}

pub(crate) fn paused_by_the_platform() -> Voyage {
    let mut voyage = delegated(vec![soak(secs(3))]);
    voyage.toy.hooks.extend(["bake", "promote"]);
    voyage
}

/// One of each kind, none of which meets a fault.
pub(crate) fn all() -> Vec<(&'static str, Voyage)> {
    let custom = Strategy::Custom(vec![step(50, 10, 100), step(100, 60, 50), step(100, 100, 0)]);
    vec![
        ("rolling", deploy(rolling(2, vec![soak(secs(3))]))),
        ("blue/green", deploy(blue_green(vec![smoke(Via::Preview, 1)], vec![]))),
        ("canary", deploy(canary(&[10, 50], &[soak(secs(3))]))),
        ("custom", deploy(custom)),
        ("everything", everything()),
        ("first deploy", first_deploy()),
        ("rollback", rollback()),
        ("delegated", delegated(vec![soak(secs(3))])),
        ("paused by the platform", paused_by_the_platform()),
    ]
}
