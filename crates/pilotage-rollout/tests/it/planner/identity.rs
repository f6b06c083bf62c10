//! What names a plan, what names the state that it was made from, and what a file may say.

use pilotage_artifact::Digest;
use pilotage_rollout::gate::HealthRule;
use pilotage_rollout::plan::{Kind, Limits};
use pilotage_rollout::target::{Fence, Fencing, Group, MigrationId};
use pilotage_rollout::{Observation, Plan, Ramp, Share, Span};
use serde_json::Value;

use crate::fixtures::*;

/// A change, with its name.
type Change<T> = (&'static str, fn(&mut T));

fn a_plan() -> Plan {
    Plan::clone(&planned(request(canary(&[10], &[manual()])), &v1_serves(), &can()))
}

fn fingerprint(seen: &Observation) -> Digest {
    planned(request(rolling(2, vec![])), seen, &can()).fingerprint
}

#[test]
fn equal_plans_have_equal_names() {
    assert_eq!(a_plan().id(), a_plan().id());
    assert_eq!(a_plan().id().to_string().len(), 12);
}

#[test]
fn every_field_counts_in_the_name() {
    let each: [Change<Plan>; 17] = [
        ("schema", |plan| plan.schema += 1),
        ("kind", |plan| plan.kind = Kind::Rollback),
        ("target", |plan| plan.target.push('x')),
        ("incarnation", |plan| plan.incarnation += 1),
        ("from", |plan| plan.from = None),
        ("to", |plan| plan.to.sequence += 1),
        ("size", |plan| plan.size += 1),
        ("ramp", |plan| plan.ramp = Ramp::delegated(vec![])),
        ("health", |plan| plan.health = HealthRule::default()),
        ("migration", |plan| plan.migration = Some(MigrationId("1".into()))),
        ("keep", |plan| plan.keep.push(id("v0"))),
        ("limits", |plan| plan.limits = Limits { calls: 1, ..plan.limits }),
        ("fencing", |plan| plan.fencing = Fencing::Checked),
        ("fingerprint", |plan| plan.fingerprint = Digest::of(b"other")),
        ("made_at", |plan| plan.made_at = plan.made_at + Span::from_millis(1)),
        ("expires_at", |plan| plan.expires_at = plan.expires_at + Span::from_millis(1)),
        ("notes", |plan| plan.notes.push("note".into())),
    ];
    let fields = serde_json::to_value(a_plan()).unwrap().as_object().unwrap().len();
    assert_eq!(fields, each.len(), "a new field needs a line above");
    for (field, change) in each {
        let mut changed = a_plan();
        change(&mut changed);
        assert_ne!(changed.id(), a_plan().id(), "{field}");
    }
}

#[test]
fn a_plan_survives_a_file() {
    let text = serde_json::to_string(&a_plan()).unwrap();
    let read: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!((read.id(), read), (a_plan().id(), a_plan()));
}

/// The plan after somebody edited its file.
fn edited(edit: impl FnOnce(&mut Value)) -> Result<Plan, String> {
    let mut value = serde_json::to_value(a_plan()).unwrap();
    edit(&mut value);
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[test]
fn an_unknown_field_is_refused() {
    let error = edited(|plan| plan["dry_run"] = true.into()).unwrap_err();
    assert!(error.starts_with("unknown field `dry_run`"), "{error}");
    let error = edited(|plan| plan["limits"]["retries"] = 3.into()).unwrap_err();
    assert!(error.starts_with("unknown field `retries`"), "{error}");
    let error = edited(|plan| plan["ramp"]["driven"]["steps"][0]["weight"] = 3.into()).unwrap_err();
    assert!(error.contains("unknown field `weight`"), "{error}");
}

#[test]
fn an_impossible_ramp_written_by_hand_is_refused() {
    let error = edited(|plan| plan["ramp"]["driven"]["steps"][0]["traffic"] = 5_000.into());
    assert!(error.unwrap_err().contains("step 1 gives 50 % of the traffic to 10 %"));
}

#[test]
fn what_serves_changes_the_fingerprint() {
    let before = fingerprint(&v1_serves());
    let changes: [Change<Observation>; 4] = [
        ("release", |seen| seen.groups[0].release = release(0)),
        ("digest", |seen| seen.groups[0].release.digest = Digest::of(b"other")),
        ("share", |seen| seen.groups[0].share = percent(99)),
        ("incarnation", |seen| seen.incarnation = 2),
    ];
    for (change, apply) in changes {
        let mut seen = v1_serves();
        apply(&mut seen);
        assert_ne!(fingerprint(&seen), before, "{change}");
    }
    let staged = live(vec![group(release(1), 4, Share::ALL), group(release(2), 1, Share::NONE)]);
    assert_ne!(fingerprint(&staged), before, "a staged candidate");
}

#[test]
fn what_moves_all_day_does_not_change_the_fingerprint() {
    let before = fingerprint(&v1_serves());
    let changes: [Change<Observation>; 4] = [
        ("fence", |seen| seen.fence = Fence(9)),
        ("autoscaled units", |seen| seen.groups[0] = group(release(1), 9, Share::ALL)),
        ("restarts and requests", |seen| {
            seen.groups[0] = Group { restarts: 5, in_flight: Some(7), ..seen.groups[0].clone() };
        }),
        ("stopped releases", |seen| seen.groups.insert(0, group(release(0), 0, Share::NONE))),
    ];
    for (change, apply) in changes {
        let mut seen = v1_serves();
        apply(&mut seen);
        assert_eq!(fingerprint(&seen), before, "{change}");
    }
}

#[test]
fn the_order_of_groups_does_not_change_the_fingerprint() {
    let pair = [group(release(1), 4, Share::ALL), group(release(2), 1, Share::NONE)];
    let backwards = pair.iter().rev().cloned().collect();
    assert_eq!(fingerprint(&live(pair.to_vec())), fingerprint(&live(backwards)));
}

#[test]
fn the_ceiling_counts_both_sides() {
    assert_eq!(a_plan().ceiling(), 8);
    let delegated = planned(request(rolling(2, vec![])), &v1_serves(), &can_delegate());
    assert_eq!(delegated.ceiling(), 8);
}
