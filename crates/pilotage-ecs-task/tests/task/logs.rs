//! What containers say: all of it, once, masked, and whatever cannot be read is said once.

use pilotage_ecs_task::{Ending, Outcome};
use pilotage_testkit::fake::ecs::{Fault, Job, Trouble, Twist};
use serde_json::json;

use crate::bench::{Bench, Ears};

fn says(lines: &[(u64, &str)]) -> Job {
    let says = lines.iter().map(|(at, text)| (*at, "web".to_owned(), (*text).to_owned()));
    Job { runs_for: Some(5_000), says: says.collect(), ..Job::default() }
}

async fn heard(bench: &Bench) -> Ears {
    let (outcome, ears) = bench.run().await;
    let Ok(Outcome::Ended(ended)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ended.ending, Ending::Succeeded, "no log changes a verdict");
    ears
}

#[tokio::test]
async fn all_that_was_said_is_heard_once_and_in_order() {
    let lines: Vec<(u64, String)> = (0..50).map(|n| (n * 100, format!("line {n}"))).collect();
    let lines: Vec<(u64, &str)> = lines.iter().map(|(at, text)| (*at, text.as_str())).collect();
    let bench = Bench::of(says(&lines)).await;
    bench.fake.world(|world| world.log_page = 7);
    let expected: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
    assert_eq!(heard(&bench).await.lines("web"), expected);
}

#[tokio::test]
async fn last_words_that_arrive_after_the_end_are_waited_for() {
    let job = Job { lag: 4_000, ..says(&[(0, "first"), (4_900, "the very last")]) };
    let bench = Bench::of(job).await;
    bench.fake.world(|world| world.per_call = 10);
    assert_eq!(heard(&bench).await.lines("web"), ["first", "the very last"]);
}

#[tokio::test]
async fn secrets_are_masked_also_where_they_go_over_two_lines() {
    let bench =
        Bench::of(says(&[(0, "the key is correct horse"), (1, "battery staple, so")])).await;
    assert!(bench.veil.add("KEY", b"correct horse\nbattery staple").is_empty());
    let said = heard(&bench).await.lines("web").join("\n");
    assert_eq!(said, "the key is [secret:KEY], so");
}

#[tokio::test]
async fn what_may_not_be_read_is_said_once_with_what_to_allow() {
    let bench = Bench::of(says(&[(0, "hello")])).await;
    bench.fake.fail("GetLogEvents", Fault::Denied);
    let deaf = heard(&bench).await.deaf("web");
    assert_eq!(deaf.len(), 1, "{deaf:?}");
    assert!(deaf[0].contains("unknown") && deaf[0].contains("logs:GetLogEvents"), "{deaf:?}");
}

#[tokio::test]
async fn a_stream_that_never_came_is_said_at_the_end() {
    let bench = Bench::new().await;
    let deaf = heard(&bench).await.deaf("web");
    assert!(deaf[0].contains("has left no log") && deaf.len() == 1, "{deaf:?}");
}

#[tokio::test]
async fn another_driver_is_said_and_nothing_is_asked() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        let mut other = crate::bench::definition();
        for container in other["containerDefinitions"].as_array_mut().into_iter().flatten() {
            container["logConfiguration"] = json!({ "logDriver": "splunk" });
        }
        let arn = world.define(&other);
        world.meddle("web", &arn);
        world.advance(60_000);
    });
    let ears = heard(&bench).await;
    assert!(ears.deaf("web")[0].contains("`splunk`"));
    assert_eq!(bench.fake.called("GetLogEvents"), 0);
}

#[tokio::test]
async fn a_page_without_anything_new_is_not_the_end_of_the_log() {
    let bench = Bench::of(says(&[(0, "first"), (3_000, "second")])).await;
    let empty = |answer: &mut serde_json::Value| answer["events"] = json!([]);
    // The mark of the page stays: what it leaves out comes with the next one.
    let again = move |answer: &mut serde_json::Value| {
        empty(answer);
        answer["nextForwardToken"] = json!("f/0");
    };
    bench.fake.twist(Twist::once("GetLogEvents", again).times(2));
    assert_eq!(heard(&bench).await.lines("web"), ["first", "second"]);
}

#[tokio::test]
async fn a_task_that_never_started_is_not_listened_to_for_long() {
    let bench = Bench::of(Job { trouble: Some(Trouble::NoImage), ..Job::default() }).await;
    bench.fake.world(|world| world.per_call = 10);
    let (outcome, _) = bench.run().await;
    assert!(outcome.is_ok());
    assert!(bench.elapsed().as_millis() < 15_000, "{:?}", bench.elapsed());
}
