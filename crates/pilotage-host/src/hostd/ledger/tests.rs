//! What the ledger accepts and what it refuses.

use super::*;
use crate::runtime::{Identity, LocalArtifact, RestartPolicy, StopPolicy};

fn id(name: &str) -> ReleaseId {
    name.parse().expect("a name")
}

fn spec(name: &str, program: &str) -> ReleaseSpec {
    let artifact = LocalArtifact {
        program: program.into(),
        program_digest: Digest::of(program.as_bytes()),
        args: vec![],
        env: std::iter::empty::<(String, String)>().collect(),
        working_dir: "/".into(),
        port_variable: "PORT".into(),
        health: "/health".parse().expect("a path"),
        identity: Identity::default(),
        stop: StopPolicy::default(),
        restart: RestartPolicy::default(),
    };
    ReleaseSpec::new(id(name), 1, artifact).expect("valid")
}

fn ledger() -> Ledger {
    let ledger = Ledger::new(SocketAddr::from(([127, 0, 0, 1], 80)), 7);
    let ledger = ledger.register(spec("v1", "/a")).and_then(|l| l.register(spec("v2", "/b")));
    act(&ledger.expect("two releases"), (3, 0), Action::Claim).expect("claimed")
}

fn act(ledger: &Ledger, (fence, number): (u64, u32), action: Action) -> Result<Ledger, Outcome> {
    let order = Order { stamp: Stamp { fence: Fence(fence), number }, action };
    match ledger.decide(&RunId("run".into()), &order, &|release| ledger.desired(release)) {
        Decision::Change(next) => Ok(*next),
        Decision::Stay(outcome) => Err(outcome),
    }
}

fn capacity(name: &str, units: u16) -> Action {
    Action::Capacity { release: id(name), units }
}

fn traffic(percent: u16) -> Action {
    let share = Share::from_percent(percent).expect("a share");
    Action::Traffic { stable: Some(id("v1")), candidate: id("v2"), share }
}

/// Both releases have two units, and the first one carries everything.
pub(in crate::hostd) fn serving() -> Ledger {
    let first = Action::Traffic { stable: None, candidate: id("v1"), share: Share::ALL };
    let actions = [capacity("v1", 2), first, capacity("v2", 2)];
    (1..).zip(actions).fold(ledger(), |ledger, (number, action)| {
        act(&ledger, (3, number), action).expect("accepted")
    })
}

fn is_refused(outcome: &Result<Ledger, Outcome>) -> bool {
    matches!(outcome, Err(Outcome::NotApplied(Rejection::Refused { .. })))
}

#[test]
fn stale_and_overtaken_orders_change_nothing() {
    let ledger = serving();
    let stale = Err(stale(Fence(3)));
    assert_eq!(act(&ledger, (2, 9), Action::Claim), stale);
    assert_eq!(act(&ledger, (2, 9), traffic(10)), stale);
    assert_eq!(act(&ledger, (3, 1), traffic(10)), stale, "order 3 was accepted already");
    assert!(is_refused(&act(&ledger, (4, 1), traffic(10))), "fence 4 was not claimed");
}

#[test]
fn the_same_order_again_is_applied_and_another_with_its_stamp_is_not() {
    let ledger = serving();
    assert_eq!(act(&ledger, (3, 3), capacity("v2", 2)), Err(Outcome::Applied));
    assert!(is_refused(&act(&ledger, (3, 3), capacity("v2", 3))));
}

#[test]
fn a_new_owner_begins_its_own_count() {
    let claimed = act(&serving(), (9, 1), Action::Claim).expect("claimed");
    assert!(act(&claimed, (9, 2), traffic(10)).is_ok());
    assert_eq!(act(&claimed, (3, 4), traffic(10)), Err(stale(Fence(9))));
}

#[test]
fn a_release_is_not_stopped_under_traffic_and_traffic_not_sent_to_nobody() {
    let ledger = serving();
    assert!(is_refused(&act(&ledger, (3, 4), capacity("v1", 0))));
    let shifted = act(&ledger, (3, 4), traffic(100)).expect("both have units");
    let emptied = act(&shifted, (3, 5), capacity("v1", 0)).expect("no traffic");
    assert!(is_refused(&act(&emptied, (3, 6), traffic(50))), "v1 has no units");
    let fresh = ledger_without_units();
    let nobody_ready = act(&fresh, (3, 1), traffic(100));
    assert!(matches!(nobody_ready, Err(Outcome::NotApplied(Rejection::Busy { .. }))));
}

fn ledger_without_units() -> Ledger {
    ledger()
}

#[test]
fn pruning_keeps_what_is_live_kept_or_waiting() {
    let ledger = act(&serving(), (3, 4), traffic(100)).expect("shifted");
    let keep = |names: &[&str]| Action::Prune { keep: names.iter().map(|name| id(name)).collect() };
    assert!(is_refused(&act(&ledger, (3, 5), keep(&["v1"]))), "v2 is live");
    let ledger = act(&ledger, (3, 5), capacity("v1", 0)).expect("stopped");
    let ledger = ledger.register(spec("v3", "/c")).expect("registered");
    let both = act(&ledger, (3, 6), keep(&["v1", "v2"])).expect("pruned");
    assert_eq!(both.berths.len(), 3);
    let one = act(&ledger, (3, 6), keep(&["v2"])).expect("pruned");
    assert_eq!(one.berths.into_keys().collect::<Vec<_>>(), [id("v2"), id("v3")]);
}

#[test]
fn a_release_that_ran_never_means_anything_else() {
    let ledger = serving();
    assert_eq!(ledger.register(spec("v1", "/a")), Ok(ledger.clone()));
    assert!(ledger.register(spec("v1", "/other")).is_err());
    let mut lying = spec("v4", "/d");
    lying.release.digest = Digest::of(b"something else");
    assert!(ledger.register(lying).is_err());
    let waiting = ledger.register(spec("v3", "/c")).expect("new");
    assert!(waiting.register(spec("v3", "/d")).is_ok(), "it never ran");
}

#[test]
fn what_this_machine_cannot_do_is_refused() {
    assert!(is_refused(&act(&ledger(), (3, 1), Action::Roll { release: id("v1") })));
    assert!(is_refused(&act(&ledger(), (3, 1), capacity("v9", 1))));
    assert!(is_refused(&act(&ledger(), (3, 1), capacity("v1", MOST_UNITS + 1))));
}
