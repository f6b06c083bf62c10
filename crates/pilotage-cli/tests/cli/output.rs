//! Data on stdout, in forms that programs rely upon.

use std::collections::BTreeSet;
use std::io;

use insta::assert_snapshot;
use pilotage_cli::Out;
use pilotage_rollout::ExitCode;
use serde_json::Value;

use crate::world::World;

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))
}

/// The shape of a value: its keys, without what changes with each run.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let keys = object.iter().map(|(key, value)| match value {
                Value::Object(_) => format!("{key} {{…}}"),
                Value::Array(_) => format!("{key} […]"),
                Value::Null => format!("{key}: null"),
                _ => key.clone(),
            });
            // Sorted, for other crates decide whether a map keeps its order.
            keys.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_data_and_the_next_command_is_not() {
    let left = World::new().run("plan --release v2").await;
    assert_eq!(left.code, ExitCode::Success);
    let (first, rest) = left.out.split_once(": ").expect("it begins with the plan's hash");
    assert!(first.starts_with("plan "), "{first}");
    assert_snapshot!(rest, @"
    deploy `v2` at `shop-prod`
      from      `v1`, 4 units
      healthy   3 of 3 observations healthy, every 5s, no restart between
      step 1    1 unit, 25 % of the traffic
                stay healthy for 1m
      step 2    4 units, 100 % of the traffic
                then 0 units of `v1`
      at most   8 units, 4628 calls
      expires   30m after it was made
    ");
    assert_eq!(left.err, "  next: pilotage deploy --env prod\n");
}

#[tokio::test(start_paused = true)]
async fn every_verb_prints_one_object() {
    let world = World::new();
    let mut shapes = vec![];
    let lines = ["plan --release v2", "status", "history", "verify"];
    for line in lines {
        let left = world.run(&format!("{line} --json")).await;
        assert_eq!(left.out.lines().count(), 1, "{}", left.out);
        shapes.push(format!("{line}: {}", shape(&json(&left.out))));
    }
    assert!(world.run("deploy --release v2 --quiet").await.code == ExitCode::Success);
    for line in ["plan --release v2", "status", "history", "verify", "report"] {
        let left = world.run(&format!("{line} --json")).await;
        shapes.push(format!("{line}: {}", shape(&json(&left.out))));
    }
    assert_snapshot!(shapes.join("\n"), @"
    plan --release v2: next, plan {…}, plan_id, release, result
    status: address: null, error: null, latest: null, live {…}, next: null, owner: null, target, unfinished: null
    history: older, runs […], target, unreadable […]
    verify: exit_code, next, problems […], recorded: null, target, verified
    plan --release v2: next: null, plan: null, plan_id: null, release, result
    status: address: null, error: null, latest {…}, live {…}, next: null, owner: null, target, unfinished: null
    history: older, runs […], target, unreadable […]
    verify: exit_code, next: null, problems […], recorded {…}, target, verified
    report: began, from, kind, records […], run, seconds, state, to, verdict {…}
    ");
}

#[tokio::test(start_paused = true)]
async fn a_run_is_a_stream_of_news_and_a_last_line() {
    let left = World::new().run("deploy --release v2 --json").await;
    let lines: Vec<Value> = left.out.lines().map(json).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events.len(), lines.len(), "each line names its event");
    let sequences = lines.iter().filter_map(|line| line["sequence"].as_u64());
    assert!(sequences.eq(0..lines.len() as u64 - 2), "all records, in order");
    assert_eq!(events[events.len() - 2..], ["ended", "finished"]);
    let last = lines.last().expect("there are lines");
    assert_eq!(last["verdict"]["deployed"]["release"], "v2");
    assert_eq!((&last["exit_code"], &last["next"]), (&0.into(), &Value::Null));
    assert_snapshot!(shape(last), @"event, exit_code, next: null, run, verdict {…}, written");
}

#[tokio::test(start_paused = true)]
async fn verdicts_without_a_run_and_failures_end_in_the_same_line() {
    let world = World::new();
    for (line, event, code) in [
        ("deploy --release v1 --json", "finished", 0),
        ("resume --json", "finished", 2),
        ("rollback --json", "failed", 6),
        ("deploy --json", "failed", 2),
    ] {
        let left = world.run(line).await;
        let last = json(left.out.lines().last().expect("there is a line"));
        assert_eq!((&last["event"], &last["exit_code"]), (&event.into(), &code.into()), "{line}");
        assert_eq!(u8::from(left.code), code, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn quiet_shows_the_verdict_alone() {
    let left = World::new().run("deploy --release v2 --quiet").await;
    assert_eq!(left.err, "deployed: exactly `v2` serves\n");
}

#[tokio::test(start_paused = true)]
async fn colours_are_only_for_those_who_want_them() {
    let world = World::new();
    let plain = world.run("deploy").await.err;
    assert_eq!(plain, "error: no release was named\n  help: name it with `--release`\n");
    let coloured = world.run("deploy --color always").await.err;
    assert!(coloured.starts_with("\u{1b}[1;31merror\u{1b}[0m: "), "{coloured:?}");
}

/// A stream whose reader has hung up.
#[derive(Debug)]
struct HungUp;

impl io::Write for HungUp {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A stream without room.
#[derive(Debug)]
struct Full;

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_hangs_up_is_a_normal_end() {
    let world = World::new();
    let mut process = world.process();
    process.outfit.io.out = Out::new(HungUp, false);
    for line in ["--help", "schema", "status", "deploy --release v2 --json"] {
        let left = process.run(line).await;
        assert_eq!(left.code, ExitCode::Success, "{line}: {}", left.err);
    }
    assert!(world.target.wholly().is_some_and(|release| release.as_str() == "v2"));
}

#[tokio::test(start_paused = true)]
async fn data_that_cannot_be_written_is_an_error() {
    let world = World::new();
    let mut process = world.process();
    process.outfit.io.out = Out::new(Full, false);
    let left = process.run("history --json").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert!(
        left.err.starts_with("error: the output cannot be written\n  because: "),
        "{}",
        left.err
    );
}
