//! Plans as a person reads them.

use insta::assert_snapshot;
use pilotage_rollout::Plan;
use pilotage_rollout::gate::{Inconclusive, Via};
use pilotage_rollout::plan::{Kind, Request};
use pilotage_rollout::target::MigrationId;

use crate::fixtures::*;

/// The plan as printed; its hash is covered elsewhere and would change with every field.
fn printed(plan: &Plan) -> String {
    plan.to_string().replace(&plan.id().to_string(), "<id>")
}

#[test]
fn a_canary_with_every_gate() {
    let gates = [
        smoke(Via::Production, 2),
        judging(comparing_panel(), Inconclusive::Revert),
        manual(),
        soak(secs(90)),
    ];
    let asked = Request {
        migration: Some(MigrationId("0042-add-column".into())),
        keep: Some(vec![id("v0")]),
        ..request(canary(&[10], &gates))
    };
    assert_snapshot!(printed(&planned(asked, &v1_serves(), &can())), @r"
    plan <id>: deploy `v2` at `shop`
      from      `v1`, 4 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      first     apply expand migrations `0042-add-column`
      step 1    1 unit, 10 % of the traffic
                smoke check `front page`
                judge for up to 20s
                ask a person: ship it?
                stay healthy for 1m30s
      step 2    4 units, 100 % of the traffic
                then 0 units of `v1`
      clean up  all but 3 releases
      at most   8 units, 2169 calls
      expires   10m after it was made
    ");
}

#[test]
fn a_rolling_update_in_batches() {
    assert_snapshot!(printed(&planned(request(rolling(2, vec![])), &v1_serves(), &can())), @r"
    plan <id>: deploy `v2` at `shop`
      from      `v1`, 4 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      step 1    2 units, 50 % of the traffic
                then 2 units of `v1`
      step 2    4 units, 100 % of the traffic
                then 0 units of `v1`
      at most   8 units, 1770 calls
      expires   10m after it was made
    ");
}

#[test]
fn a_rolling_update_by_the_platform() {
    let asked = request(rolling(2, vec![soak(secs(30))]));
    assert_snapshot!(printed(&planned(asked, &v1_serves(), &can_delegate())), @r"
    plan <id>: deploy `v2` at `shop`
      from      `v1`, 4 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      ramp      the platform rolls; watched for 2m
                stay healthy for 30s
      at most   8 units, 1170 calls
      expires   10m after it was made
    ");
}

#[test]
fn a_first_deploy() {
    let asked = Request { size: Some(3), ..request(blue_green(vec![], vec![])) };
    assert_snapshot!(printed(&planned(asked, &live(vec![]), &can())), @r"
    plan <id>: deploy `v2` at `shop`
      from      nothing, 3 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      step 1    3 units, 0 % of the traffic
      step 2    3 units, 100 % of the traffic
                stay healthy for 5s
      at most   6 units, 1788 calls
      note      first deploy: nothing serves yet, so all traffic goes to the candidate once it is healthy, and the judge has nothing to compare it with
      expires   10m after it was made
    ");
}

#[test]
fn a_rollback() {
    let seen = live(vec![group(release(3), 4, percent(100))]);
    let asked = Request { kind: Kind::Rollback, ..request(blue_green(vec![], vec![])) };
    assert_snapshot!(printed(&planned(asked, &seen, &can())), @r"
    plan <id>: roll back to `v2` at `shop`
      from      `v3`, 4 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      step 1    4 units, 0 % of the traffic
      step 2    4 units, 100 % of the traffic
                stay healthy for 5s
                then 0 units of `v3`
      at most   8 units, 1788 calls
      expires   10m after it was made
    ");
}

#[test]
fn an_adapted_canary_says_so() {
    let can = pilotage_rollout::Capabilities {
        traffic: pilotage_rollout::target::TrafficControl::Ratio,
        ..can()
    };
    assert_snapshot!(printed(&planned(request(canary(&[50], &[])), &v1_serves(), &can)), @r"
    plan <id>: deploy `v2` at `shop`
      from      `v1`, 4 units
      healthy   2 of 3 observations healthy, every 1s, no restart between
      step 1    2 units, 33.33 % of the traffic
      step 2    4 units, 100 % of the traffic
                then 0 units of `v1`
      at most   8 units, 1770 calls
      note      50 % of the traffic becomes 33.33 %: it is divided by the number of units, and 4 units divide no finer
      expires   10m after it was made
    ");
}
