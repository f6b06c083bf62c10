//! One task for a name, whatever becomes of calls and of whoever makes them.

use pilotage_ecs_task::{Ending, Outcome, StartError};
use pilotage_rollout::Span;
use pilotage_testkit::fake::ecs::Fault;

use crate::bench::Bench;

async fn gets_over(action: &'static str, fault: Fault, ignores_tokens: bool) {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.ignores_tokens = ignores_tokens);
    bench.fake.fail(action, fault);
    let ended = bench.ended().await;
    assert_eq!(ended.ending, Ending::Succeeded, "{action} {fault:?}");
    assert_eq!(bench.count(), 1, "{action} {fault:?}: tokens are ignored: {ignores_tokens}");
}

#[tokio::test]
async fn any_single_fault_of_any_call_leaves_one_task_and_its_verdict() {
    for fault in [Fault::Throttled, Fault::LostBefore, Fault::LostAfter] {
        gets_over("RunTask", fault, false).await;
        gets_over("RunTask", fault, true).await;
    }
    // The SDK repeats what only reads, by the clock of the machine.
    for action in ["ListTasks", "DescribeTasks", "GetLogEvents"] {
        gets_over(action, Fault::LostBefore, true).await;
    }
    gets_over("DescribeTasks", Fault::Throttled, true).await;
}

#[tokio::test]
async fn a_task_that_is_listed_and_not_described_yet_is_not_started_again() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        world.ignores_tokens = true;
        world.missing_for = 12;
    });
    bench.fake.fail("RunTask", Fault::LostAfter);
    assert_eq!(bench.ended().await.ending, Ending::Succeeded);
    assert_eq!((bench.count(), bench.fake.called("RunTask")), (1, 1));
}

#[tokio::test]
async fn whoever_died_after_the_start_is_followed_by_one_who_attaches() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.ignores_tokens = true);
    let order = bench.order("run-1").await;
    let first = bench.tasks.start(&order).await.expect("started");
    let second = bench.tasks.start(&order).await.expect("attached");
    assert!(!first.attached && second.attached);
    assert_eq!(first.arn, second.arn);
    bench.fake.world(|world| world.advance(600_000));
    assert_eq!(bench.ended().await.ending, Ending::Succeeded, "its end is the answer");
    assert_eq!(bench.count(), 1);
    let other = bench.tasks.start(&bench.order("run-2").await).await.expect("started");
    assert!(!other.attached, "another name is another run");
}

#[tokio::test]
async fn answers_that_are_lost_again_and_again_are_unknown() {
    let bench = Bench::new().await;
    (0..9).for_each(|_| bench.fake.fail("RunTask", Fault::LostBefore));
    let (outcome, _) = bench.run().await;
    let Err(error @ StartError::Unknown(_)) = outcome else { panic!("{outcome:?}") };
    assert!(!error.is_certain());
    assert_eq!(bench.fake.called("RunTask"), 4);
}

#[tokio::test]
async fn what_was_refused_is_certain_and_is_not_asked_for_again() {
    for fault in [Fault::Denied, Fault::Expired] {
        let bench = Bench::new().await;
        bench.fake.fail("RunTask", fault);
        let (outcome, _) = bench.run().await;
        let Err(error @ StartError::Refused(_)) = outcome else { panic!("{outcome:?}") };
        assert!(error.is_certain());
        assert_eq!((bench.fake.called("RunTask"), bench.count()), (1, 0));
    }
}

#[tokio::test]
async fn whoever_cannot_look_starts_nothing() {
    let bench = Bench::new().await;
    bench.fake.fail("ListTasks", Fault::Denied);
    let (outcome, _) = bench.run().await;
    assert!(matches!(outcome, Err(StartError::Unseen(_))), "{outcome:?}");
    assert_eq!(bench.fake.called("RunTask"), 0);
}

#[tokio::test]
async fn no_room_is_told_with_what_helps_and_is_no_task() {
    for (reason, helps) in [
        ("RESOURCE:MEMORY", "have no room"),
        ("AGENT", "agent"),
        ("Capacity is unavailable at this time. Please try again later", "this passes"),
    ] {
        let bench = Bench::new().await;
        bench.fake.world(|world| world.shortages = vec![reason.into()]);
        let (outcome, _) = bench.run().await;
        let Err(error @ StartError::NoRoom { .. }) = outcome else { panic!("{outcome:?}") };
        let said = error.to_string();
        assert!(said.contains(reason) && said.contains(helps), "{said}");
    }
}

#[tokio::test]
async fn credentials_that_end_while_it_is_watched_make_its_end_unknown() {
    let bench = Bench::new().await;
    bench.fake.fail("DescribeTasks", Fault::Expired);
    let (outcome, _) = bench.run_until(Span::from_mins(5), std::future::pending()).await;
    let Ok(Outcome::Unknown { reason, arn }) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("expired") && arn.contains("task/shop/"), "{reason}");
    assert_eq!(bench.fake.called("StopTask"), 0, "it goes on");
}
