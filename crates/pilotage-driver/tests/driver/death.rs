//! The death of the process at every await point.

use pilotage_driver::drive::{Finished, Interruptions};
use pilotage_driver::journal::decode;
use pilotage_rollout::journal::replay;
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::{Span, Verdict};
use pilotage_testkit::fake::ApplyFault;

use crate::harbour::{Harbour, blue_green, canary, new, old, run};

/// More than any of these runs has.
const MOST_POINTS: u32 = 2_000;

/// Drives until the end or until death at this await point; whether it was the end.
async fn drive_until(harbour: &Harbour, strategy: &Strategy, point: u32) -> bool {
    let plan = harbour.plan(strategy.clone()).await;
    let driver = harbour.driver();
    harbour.death.strike_at(point);
    let ended = tokio::select! {
        biased;
        finished = driver.drive(run(), plan, Interruptions::none()) => {
            finished.expect("nothing fails");
            true
        }
        () = harbour.death.strikes() => false,
    };
    harbour.death.spare();
    harbour.lease.expire();
    ended
}

/// What the next process, on another machine, makes of it.
async fn go_on(harbour: &Harbour) -> Finished {
    if harbour.journals.records(&run()).is_empty() {
        assert!(harbour.target.world(|world| world.applied.is_empty()), "done and not written");
        return harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    }
    harbour.resume().await.expect("nothing fails")
}

fn assert_agrees_with_the_world(harbour: &Harbour, finished: &Finished, point: u32) {
    let serves = harbour.serves();
    match &finished.verdict {
        Verdict::Deployed { .. } => assert_eq!(serves, Some(new().id), "point {point}"),
        Verdict::Reverted { .. } => assert_eq!(serves, Some(old().id), "point {point}"),
        other => panic!("point {point}: {other:?}"),
    }
    let decoded = decode(&harbour.journals.bytes(&run())).expect("it is sound");
    let replayed = replay(&decoded.records).expect("a run has written it");
    assert_eq!(replayed.run.verdict().as_ref(), Some(&finished.verdict), "point {point}");
    assert!(harbour.migrator.started() <= 1, "point {point}: migrated twice");
}

async fn die_everywhere(strategy: Strategy, prepare: impl Fn(&Harbour)) -> u32 {
    for point in 0..MOST_POINTS {
        let harbour = Harbour::new();
        prepare(&harbour);
        if drive_until(&harbour, &strategy, point).await {
            return point;
        }
        let finished = go_on(&harbour).await;
        assert_agrees_with_the_world(&harbour, &finished, point);
    }
    panic!("the run has no end");
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_point_of_a_blue_green_deploy_is_resumed_to_an_end() {
    let points = die_everywhere(blue_green(vec![]), |_| ()).await;
    assert!(points > 100, "only {points} await points were tried");
    println!("{points} await points");
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_point_of_a_canary_deploy_is_resumed_to_an_end() {
    let points = die_everywhere(canary(vec![]), |_| ()).await;
    assert!(points > 100, "only {points} await points were tried");
    println!("{points} await points");
}

#[tokio::test(start_paused = true)]
async fn a_death_at_any_point_of_a_way_back_is_resumed_to_an_end() {
    let strategy = canary(vec![]);
    let points = die_everywhere(strategy, |harbour| harbour.target.break_release(&new().id)).await;
    assert!(points > 100, "only {points} await points were tried");
    println!("{points} await points");
}

#[tokio::test(start_paused = true)]
async fn a_death_after_an_unheard_order_is_resumed_to_an_end() {
    for fault in [ApplyFault::UnknownApplied, ApplyFault::UnknownNotApplied] {
        let prepare = |harbour: &Harbour| harbour.target.fault_after(2, fault);
        die_everywhere(blue_green(vec![]), prepare).await;
    }
}

#[tokio::test(start_paused = true)]
async fn two_deaths_in_a_row_are_resumed_to_an_end() {
    for first in (0..MOST_POINTS).step_by(7) {
        let harbour = Harbour::new();
        if drive_until(&harbour, &blue_green(vec![]), first).await {
            return;
        }
        harbour.death.strike_at(first % 23);
        let driver = harbour.driver();
        tokio::select! {
            biased;
            _ = driver.resume(run(), Interruptions::none()) => {}
            () = harbour.death.strikes() => {}
        }
        harbour.death.spare();
        tokio::time::advance(std::time::Duration::from_millis(Span::from_mins(2).as_millis()))
            .await;
        let finished = go_on(&harbour).await;
        assert_agrees_with_the_world(&harbour, &finished, first);
    }
    panic!("the run has no end");
}
