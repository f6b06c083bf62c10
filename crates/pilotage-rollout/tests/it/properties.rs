//! Whatever a run is told, even what no world could tell it, a few things always hold.

use std::sync::Arc;

use pilotage_artifact::ReleaseId;
use pilotage_judge::Reading;
use pilotage_rollout::gate::{Inconclusive, Via};
use pilotage_rollout::journal::{Entry, Record, RunId, replay};
use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::run::{Answer, Phase};
use pilotage_rollout::target::{
    Action, Delegation, Failing, Fence, Group, MigrationId, Outcome, ReadFailure, Rejection, Schema,
};
use pilotage_rollout::{Effect, Event, Moment, Observation, Plan, Run, Share, Span};
use proptest::prelude::*;

use crate::fixtures::*;

/// One plan of each kind, so that every stage can be entered.
fn plans() -> Vec<Arc<Plan>> {
    let gates = [
        soak(secs(2)),
        judging(latency_panel(), Inconclusive::Pause),
        smoke(Via::Production, 2),
        manual(),
    ];
    let short = Limits { lag: secs(1), calls: 60, ..limits() };
    let asked = |strategy| Request {
        limits: Some(short),
        keep: Some(Vec::new()),
        migration: Some(MigrationId("1".into())),
        ..request(strategy)
    };
    let none = Request { migration: None, keep: None, ..asked(rolling(2, vec![])) };
    vec![
        planned(none, &v1_serves(), &can()),
        planned(asked(canary(&[10, 50], &gates)), &v1_serves(), &can()),
        planned(asked(blue_green(vec![], gates[..1].to_vec())), &live(vec![]), &can()),
        planned(asked(rolling(1, gates.to_vec())), &v1_serves(), &can_delegate()),
    ]
}

fn shares() -> impl Strategy<Value = Share> {
    prop_oneof![
        4 => prop::sample::select(vec![0, 1_000, 5_000, 9_000, 10_000]),
        1 => 0..=10_000_u16,
    ]
    .prop_map(|points| Share::from_basis_points(points).unwrap())
}

fn units() -> impl Strategy<Value = u16> {
    prop_oneof![6 => 0..=5_u16, 1 => any::<u16>()]
}

fn names() -> impl Strategy<Value = ReleaseId> {
    prop_oneof![4 => Just(id("v1")), 6 => Just(id("v2")), 1 => Just(id("v9"))]
}

fn groups(number: u64) -> impl Strategy<Value = Group> {
    let sick = prop_oneof![
        8 => Just(Vec::<Failing>::new()),
        1 => any::<bool>().prop_map(|hopeless| vec![failing(hopeless)]),
    ];
    let in_flight = prop::option::of(0..3_u32);
    let restarts = prop_oneof![9 => Just(0_u32), 1 => any::<u32>()];
    (units(), units(), shares(), in_flight, restarts, sick).prop_map(
        move |(desired, short, share, in_flight, restarts, failing)| {
            let ready = if short % 4 == 0 { short.min(desired) } else { desired };
            let release = release(number);
            Group { release, desired, ready, restarts, in_flight, share, failing }
        },
    )
}

fn delegations() -> impl Strategy<Value = Delegation> {
    let reason = String::from("breaker");
    (0..6_u8, names()).prop_map(move |(kind, release)| match kind {
        0 => Delegation::Idle,
        1 => Delegation::Rolling { release },
        2 => Delegation::Awaiting { release, hook: "bake".into() },
        3 => Delegation::Complete { release },
        4 => Delegation::Failed { release, reason: reason.clone() },
        _ => Delegation::RolledBack { release, reason: reason.clone() },
    })
}

fn observations() -> impl Strategy<Value = Observation> {
    let stranger = prop::option::weighted(0.02, groups(9));
    let incarnation = prop_oneof![60 => Just(1_u64), 1 => Just(2_u64)];
    let fence = prop_oneof![8 => Just(None), 1 => (0..4_u64).prop_map(Some)];
    let sides = (prop::option::weighted(0.9, groups(1)), prop::option::weighted(0.9, groups(2)));
    (sides, stranger, incarnation, fence, delegations()).prop_map(
        |((one, two), stranger, incarnation, fence, delegation)| {
            let groups = [one, two, stranger].into_iter().flatten().collect();
            // No fence means that of the run, which is put in when the event is told.
            let fence = Fence(fence.unwrap_or(u64::MAX));
            Observation { fence, incarnation, groups, delegation }
        },
    )
}

fn pauses() -> impl Strategy<Value = Option<Span>> {
    prop::option::of(prop_oneof![
        Just(Span::ZERO),
        (0..9_000_u64).prop_map(Span::from_millis),
        Just(Span::from_millis(u64::MAX)),
    ])
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let reason = String::from("because");
    let (busy, refused) = (reason.clone(), reason.clone());
    prop_oneof![
        12 => Just(Outcome::Applied),
        3 => Just(Outcome::Unknown { reason }),
        3 => pauses().prop_map(move |retry_after| {
            Outcome::NotApplied(Rejection::Busy { reason: busy.clone(), retry_after })
        }),
        1 => Just(Outcome::NotApplied(Rejection::Refused { reason: refused })),
        1 => Just(Outcome::NotApplied(Rejection::StaleFence { current: Fence(90) })),
    ]
}

fn failures() -> impl Strategy<Value = ReadFailure> {
    let reason = String::from("504");
    let refused = reason.clone();
    prop_oneof![
        9 => pauses().prop_map(move |retry_after| {
            ReadFailure::Unavailable { reason: reason.clone(), retry_after }
        }),
        1 => Just(ReadFailure::Refused { reason: refused }),
    ]
}

fn schemas() -> impl Strategy<Value = Schema> {
    prop_oneof![
        4 => Just(Schema::Applied),
        2 => Just(Schema::Absent),
        2 => Just(Schema::Applying),
        1 => Just(Schema::Dirty { reason: "line 3".into() }),
    ]
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => Just(Answer::Approved { by: "ana".into() }),
        1 => Just(Answer::Declined { reason: "no".into() }),
        1 => Just(Answer::Pending),
    ]
}

fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let gauge = any::<f64>().prop_map(|candidate| Reading::Gauge { stable: 50.0, candidate });
    let missing = Just(Reading::Missing { reason: "none".into() });
    prop::collection::vec(prop_oneof![9 => gauge, 1 => missing], 0..3)
}

/// What the world would say to each effect, one of which is told, or something from outside.
#[derive(Debug, Clone)]
struct Chance {
    late: u64,
    outside: u8,
    /// Whether the world is as the orders made it, or as it comes.
    sane: bool,
    outcome: Outcome,
    seen: Result<Observation, ReadFailure>,
    schema: Result<Schema, ReadFailure>,
    probed: Result<(), String>,
    readings: Vec<Reading>,
    answer: Answer,
    dangling: bool,
}

fn chances() -> impl Strategy<Value = Chance> {
    let seen = prop_oneof![9 => observations().prop_map(Ok), 1 => failures().prop_map(Err)];
    let schema = prop_oneof![9 => schemas().prop_map(Ok), 1 => failures().prop_map(Err)];
    let probed = prop_oneof![2 => Just(Ok(())), 1 => Just(Err(String::from("502")))];
    let late = prop_oneof![6 => Just(0_u64), 3 => 0..20_000_u64, 1 => 0..2_000_000_u64];
    let rest = (probed, readings(), answers(), any::<bool>());
    let kind = (any::<u8>(), prop::bool::weighted(0.9));
    (late, kind, outcomes(), seen, schema, rest).prop_map(
        |(late, (outside, sane), outcome, seen, schema, rest)| {
            let (probed, readings, answer, dangling) = rest;
            Chance {
                late,
                outside,
                sane,
                outcome,
                seen,
                schema,
                probed,
                readings,
                answer,
                dangling,
            }
        },
    )
}

impl Chance {
    /// The event that this chance means for a run which waits for the answer to this effect.
    fn event(&self, run: &Run, world: &Observation) -> Event {
        let mut chance = self.clone();
        if self.sane {
            chance.seen = Ok(world.clone());
        }
        let parked = matches!(run.phase(), Phase::Parked(_));
        match (self.outside, run.effect()) {
            (0, _) => Event::Aborted { by: "ana".into() },
            (1..=3, _) => Event::Interrupted,
            (4, _) => Event::LeaseLost { reason: "gone".into() },
            (5..=6, Effect::Observe) => Event::Woke,
            (7..=8, _) => Event::Observed(chance.seen),
            (9..=11, _) => resumed(run, chance.dangling),
            _ if parked => resumed(run, chance.dangling),
            (_, Effect::Act(_)) => Event::Acted(chance.outcome),
            (_, Effect::Observe) => Event::Observed(chance.seen.map(|seen| fenced(seen, run))),
            (_, Effect::Inspect) => Event::Inspected(chance.schema),
            (_, Effect::Probe(_)) => Event::Probed(chance.probed),
            (_, Effect::Measure { .. }) => Event::Measured(chance.readings),
            (_, Effect::Ask { .. }) => Event::Answered(chance.answer),
            (_, Effect::Wait { .. } | Effect::Finish) => Event::Woke,
        }
    }

    /// When it happens: a wait is over in time or late, anything else soon or late.
    fn moment(&self, run: &Run) -> Moment {
        let due = match run.effect() {
            Effect::Wait { until } => *until,
            _ => run.now(),
        };
        due + Span::from_millis(self.late)
    }
}

/// The world as an order leaves it that was carried out at once and to the letter.
fn obey(world: &mut Observation, action: &Action) {
    match action {
        Action::Capacity { release, units } => {
            let group = group_of(world, release);
            (group.desired, group.ready) = (*units, *units);
        }
        Action::Traffic { stable, candidate, share } => {
            group_of(world, candidate).share = *share;
            if let Some(stable) = stable {
                group_of(world, stable).share = share.rest();
            }
        }
        Action::Roll { release } => {
            world.groups = vec![group(named(release), 4, Share::ALL)];
            world.delegation = Delegation::Complete { release: release.clone() };
        }
        Action::Claim | Action::Migrate { .. } | Action::Proceed { .. } | Action::Prune { .. } => {}
    }
}

fn named(id: &ReleaseId) -> pilotage_artifact::Release {
    release(id.as_str().trim_start_matches('v').parse().unwrap())
}

fn group_of<'a>(world: &'a mut Observation, id: &ReleaseId) -> &'a mut Group {
    let found = world.groups.iter().position(|group| group.release.id == *id);
    let at = found.unwrap_or_else(|| {
        world.groups.push(group(named(id), 0, Share::NONE));
        world.groups.len() - 1
    });
    &mut world.groups[at]
}

fn resumed(run: &Run, dangling: bool) -> Event {
    Event::Resumed { fence: Fence(run.fence().0 + 1), dangling }
}

fn fenced(seen: Observation, run: &Run) -> Observation {
    let own = seen.fence == Fence(u64::MAX);
    Observation { fence: if own { run.fence() } else { seen.fence }, ..seen }
}

/// Whether an order asks for more of the candidate, in traffic or in units.
fn goes_forward(action: &Action, plan: &Plan) -> bool {
    match action {
        Action::Claim => false,
        Action::Capacity { release, units } => *release == plan.to.id && *units > 0,
        Action::Traffic { share, .. } => *share > Share::NONE,
        Action::Roll { release } => *release == plan.to.id,
        Action::Migrate { .. } | Action::Proceed { .. } | Action::Prune { .. } => true,
    }
}

/// What holds between a run and the next state of it, whatever happened.
fn check(before: &Run, event: &Event, after: &Run, orders: &mut u32) {
    let plan = before.plan();
    assert!(after.now() >= before.now());
    match after.effect() {
        Effect::Act(order) => {
            assert_eq!(order.stamp.number, *orders, "orders are numbered without gaps");
            assert_eq!(order.stamp.fence, after.fence());
            *orders += 1;
            let back = before.goes_back() && after.goes_back();
            assert!(!(back && goes_forward(&order.action, plan)), "back means back: {order:?}");
        }
        Effect::Wait { until } => assert!(*until > after.now(), "a wait lies in the future"),
        Effect::Measure { from, to, .. } => assert!(from <= to && *to <= after.now()),
        Effect::Finish => assert!(after.verdict().is_some(), "it finishes with a verdict"),
        Effect::Observe | Effect::Inspect | Effect::Probe(_) | Effect::Ask { .. } => {}
    }
    let finishes = *after.effect() == Effect::Finish;
    assert_eq!(finishes, after.verdict().is_some(), "and with nothing else to do");
    if matches!(event, Event::Resumed { .. }) {
        let claims =
            |effect: &Effect| matches!(effect, Effect::Act(order) if order.action == Action::Claim);
        assert!(claims(after.effect()), "a new process claims first");
    }
    assert!(!before.goes_back() || after.goes_back() || after.verdict().is_some(), "no way forth");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_event_makes_a_run_panic_or_forget_its_manners(
        plan in prop::sample::select(plans()),
        chances in prop::collection::vec(chances(), 1..120),
    ) {
        let mut run = Run::open(Arc::clone(&plan), Fence(1), START);
        let Effect::Act(first) = run.effect() else { panic!("no order") };
        prop_assert_eq!(&first.action, &Action::Claim);
        let mut orders = 1;
        let from = plan.from.iter().map(|from| group(from.clone(), 4, Share::ALL));
        let mut world = Observation { fence: Fence(u64::MAX), ..live(from.collect()) };
        let entry = Entry::Opened { schema: 1, run: RunId("p".into()), plan, fence: Fence(1) };
        let mut journal = vec![Record { at: START, entry }];
        for chance in &chances {
            let (at, event) = (chance.moment(&run), chance.event(&run, &world));
            let Ok(next) = run.clone().advance(at, &event) else { continue };
            prop_assert!(!run.is_over(), "what has ended stays ended");
            if let (Effect::Act(order), Event::Acted(outcome)) = (run.effect(), &event) {
                if *outcome == Outcome::Applied {
                    obey(&mut world, &order.action);
                }
                journal.push(Record { at, entry: Entry::Intent(order.clone()) });
            }
            check(&run, &event, &next, &mut orders);
            journal.push(Record { at, entry: Entry::Happened(event) });
            run = next;
        }
        prop_assert_eq!(replay(&journal).unwrap().run, run);
    }

    #[test]
    fn a_plan_of_any_size_is_refused_or_follows_its_ramp(
        size in any::<u16>(),
        batches in any::<u16>(),
        first in shares(),
        second in shares(),
    ) {
        let strategies = [rolling(batches % 130, vec![]), blue_green(vec![], vec![]),
            pilotage_rollout::ramp::Strategy::Custom(vec![
                pilotage_rollout::Step { capacity: second, traffic: first, gates: vec![], stable: Share::ALL },
                step(100, 100, 0),
            ])];
        for strategy in strategies {
            let asked = Request { size: Some(size), ..request(strategy) };
            let Ok(pilotage_rollout::plan::Planned::Plan(plan)) =
                pilotage_rollout::plan::plan(asked, &v1_serves(), &can(), START) else { continue };
            prop_assert!(plan.size > 0 && plan.ceiling() >= plan.size);
            for step in plan.ramp.steps() {
                prop_assert!(step.traffic <= step.capacity && step.stable >= step.traffic.rest());
            }
            let text = serde_json::to_string(&*plan).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Plan>(&text).unwrap(), &*plan);
        }
    }
}
