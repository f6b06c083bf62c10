//! How tasks end, and what is said of it.

use std::future::ready;

use pilotage_ecs_task::{Ending, Order, Outcome, Overrides, Told, Why};
use pilotage_rollout::Span;
use pilotage_testkit::fake::ecs::{Job, Trouble};

use crate::bench::{Bench, Ears};

fn exits(codes: &[(&str, Option<i32>)]) -> Job {
    let exits = codes.iter().map(|(name, code)| ((*name).to_owned(), *code)).collect();
    Job { runs_for: Some(5_000), exits, ..Job::default() }
}

#[tokio::test]
async fn zero_is_success_and_whatever_a_sidecar_does_is_not_counted() {
    let bench = Bench::of(exits(&[("web", Some(0)), ("log", Some(137))])).await;
    let ended = bench.ended().await;
    assert_eq!(ended.ending, Ending::Succeeded);
    assert_eq!(ended.codes, [("web".to_owned(), Some(0))]);
}

#[tokio::test]
async fn another_code_is_failure_and_is_told_with_its_container() {
    let bench = Bench::of(exits(&[("web", Some(3)), ("log", Some(0))])).await;
    let ended = bench.ended().await;
    assert_eq!(ended.ending, Ending::Failed { code: 3 });
    assert!(ended.words.contains("container `web` ended with 3"), "{}", ended.words);
}

#[tokio::test]
async fn one_container_that_is_named_is_the_only_one_that_counts() {
    let bench = Bench::of(exits(&[("web", Some(3)), ("log", Some(0))])).await;
    let (run, recipe) = ("run-1".parse().expect("a name"), bench.recipe().await);
    let order = Order::new(&run, &recipe, &Overrides::default(), Some("log")).expect("an order");
    let limits = pilotage_ecs_task::Limits { deadline: Span::from_mins(5) };
    let quiet = &mut |_| ();
    let outcome = bench.tasks.run(&order, limits, std::future::pending(), quiet).await;
    let Ok(Outcome::Ended(ended)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ended.ending, Ending::Succeeded);
}

#[tokio::test]
async fn a_code_that_is_absent_is_never_zero() {
    let bench = Bench::of(exits(&[("web", None), ("log", Some(0))])).await;
    let ended = bench.ended().await;
    assert_eq!(ended.ending, Ending::NoCode);
    assert!(ended.words.contains("`web` has no exit code"), "{}", ended.words);
}

#[tokio::test]
async fn a_task_that_never_started_says_why_and_what_helps() {
    for (trouble, helps) in [
        (Trouble::NoImage, "push it to this account"),
        (Trouble::NoSecret, "secretsmanager:GetSecretValue"),
    ] {
        let job = Job { trouble: Some(trouble), ..Job::default() };
        let ended = Bench::of(job).await.ended().await;
        assert_eq!(ended.ending, Ending::NoCode, "{trouble:?}");
        assert!(ended.words.contains("TaskFailedToStart"), "{}", ended.words);
        assert!(ended.words.contains(helps), "{}", ended.words);
    }
}

#[tokio::test]
async fn a_task_that_is_faster_than_a_look_has_ended_and_that_is_all() {
    let bench = Bench::of(Job { runs_for: Some(0), ..Job::default() }).await;
    bench.fake.world(|world| world.start_up = 0);
    let (outcome, ears) = bench.run().await;
    let Ok(Outcome::Ended(ended)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ended.ending, Ending::Succeeded);
    let has_run = Told::State { state: "RUNNING".into() };
    assert!(!ears.all().contains(&has_run), "nobody has seen it run: {:?}", ears.all());
}

#[tokio::test]
async fn a_task_that_does_not_show_yet_is_waited_for() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.missing_for = 5);
    assert_eq!(bench.ended().await.ending, Ending::Succeeded);
}

#[tokio::test]
async fn a_task_that_never_shows_is_unknown_and_neither_success_nor_failure() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.missing_for = u32::MAX);
    let (outcome, _) = bench.run().await;
    let Ok(Outcome::Unknown { reason, .. }) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("unknown"), "{reason}");
    assert!(bench.elapsed() > Span::from_mins(2), "it was waited for: {:?}", bench.elapsed());
    assert!(bench.elapsed() < Span::from_mins(5), "not for ever: {:?}", bench.elapsed());
}

fn endless(stopped_with: Option<i32>) -> Job {
    Job { stop_takes: 20_000, stopped_with, ..Job::default() }
}

#[tokio::test]
async fn when_its_time_is_over_it_is_stopped_and_that_is_no_success_even_with_zero() {
    let bench = Bench::of(endless(Some(0))).await;
    let (outcome, _) = bench.run_until(Span::from_secs(60), std::future::pending()).await;
    let Ok(Outcome::Stopped { why: Why::Deadline, ended }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ended.ending, Ending::Stopped);
    assert!(ended.words.contains("its time is over"), "{}", ended.words);
    let states = bench.fake.world(|world| world.one_off());
    assert_eq!(states, [("run-1".to_owned(), "STOPPED")]);
}

#[tokio::test]
async fn who_cancels_while_it_is_being_started_has_it_stopped() {
    let bench = Bench::of(endless(Some(143))).await;
    let (outcome, ears) = bench.run_until(Span::from_mins(30), ready(())).await;
    assert!(matches!(outcome, Ok(Outcome::Stopped { why: Why::Cancelled, .. })), "{outcome:?}");
    assert!(ears.all().contains(&Told::Stopping { why: Why::Cancelled }));
    assert_eq!(bench.fake.called("StopTask"), 1);
    assert_eq!(bench.count(), 1);
}

#[tokio::test]
async fn a_stop_whose_answer_is_lost_is_asked_for_again() {
    use pilotage_testkit::fake::ecs::Fault;
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Throttled] {
        let bench = Bench::of(endless(None)).await;
        bench.fake.fail("StopTask", fault);
        let (outcome, _) = bench.run_until(Span::from_secs(30), std::future::pending()).await;
        assert!(matches!(outcome, Ok(Outcome::Stopped { .. })), "{fault:?}: {outcome:?}");
        assert_eq!(bench.fake.called("StopTask"), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn one_that_does_not_end_when_it_is_told_to_is_unknown() {
    let bench = Bench::of(Job { stop_takes: 3_600_000, ..Job::default() }).await;
    let (outcome, _) = bench.run_until(Span::from_secs(30), std::future::pending()).await;
    let Ok(Outcome::Unknown { reason, .. }) = outcome else { panic!("{outcome:?}") };
    assert!(reason.contains("told to end"), "{reason}");
}

#[tokio::test]
async fn looks_are_one_to_three_seconds_apart() {
    let bench = Bench::of(Job { runs_for: Some(600_000), ..Job::default() }).await;
    bench.fake.world(|world| world.per_call = 0);
    assert_eq!(bench.ended().await.ending, Ending::Succeeded);
    let looks = bench.fake.called("DescribeTasks");
    assert!((200..=215).contains(&looks), "{looks} looks in ten minutes");
}

#[tokio::test]
async fn what_is_told_tells_the_way() {
    let (outcome, ears) = Bench::new().await.run().await;
    assert!(outcome.is_ok());
    let state = |told: &Told| match told {
        Told::State { state } => Some(state.clone()),
        _ => None,
    };
    let states: Vec<String> = Ears::all(&ears).iter().filter_map(state).collect();
    assert_eq!(states, ["PENDING", "RUNNING"]);
}
