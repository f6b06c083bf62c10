//! Journals of this version, which every later one must read and go on with, or refuse.
//!
//! They are checked in. To write them anew, on purpose: `PILOTAGE_WRITE_GOLDEN=1 cargo test -p
//! pilotage-driver golden`.

use std::path::{Path, PathBuf};

use pilotage_driver::drive::{Interruption, Interruptions, interruptions};
use pilotage_driver::journal::{Head, decode, encode};
use pilotage_rollout::gate::Gate;
use pilotage_rollout::journal::replay;
use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::{Event, Span, Verdict};
use pilotage_testkit::fake::ApplyFault;

use crate::harbour::{CAN, Harbour, blue_green, canary, new, run};

/// The kinds of journals, and how each of them is made.
async fn journals() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("deployed-blue-green", deployed().await),
        ("deployed-after-unknown", unheard().await),
        ("reverted-canary", reverted().await),
        ("interrupted-canary", interrupted().await),
        ("dangling-order", dangling().await),
    ]
}

async fn deployed() -> Vec<u8> {
    let harbour = Harbour::new();
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    harbour.bytes().await
}

async fn unheard() -> Vec<u8> {
    let harbour = Harbour::new();
    harbour.target.fault_after(2, ApplyFault::UnknownApplied);
    harbour.deploy(blue_green(vec![])).await.expect("nothing fails");
    harbour.bytes().await
}

async fn reverted() -> Vec<u8> {
    let harbour = Harbour::new();
    harbour.target.break_release(&new().id);
    let limits = Limits { prove: Span::from_secs(40), ..Limits::usual(&CAN) };
    let request = Request { limits: Some(limits), ..Harbour::request(canary(vec![])) };
    let plan = harbour.plan_for(request).await;
    let stop = Interruptions::none();
    harbour.driver().drive(run(), plan, stop).await.expect("nothing fails");
    harbour.bytes().await
}

async fn interrupted() -> Vec<u8> {
    let harbour = Harbour::new();
    let plan = harbour.plan(canary(vec![Gate::Soak(Span::from_mins(10))])).await;
    let (interrupter, stop) = interruptions();
    let teller = async {
        harbour.clock_reaches(Span::from_mins(3)).await;
        interrupter.interrupt(Interruption::Interrupt);
    };
    let driver = harbour.driver();
    let (finished, ()) = tokio::join!(driver.drive(run(), plan, stop), teller);
    finished.expect("nothing fails");
    harbour.bytes().await
}

async fn dangling() -> Vec<u8> {
    let whole = deployed().await;
    let lines = whole.split_inclusive(|byte| *byte == b'\n');
    let shift = br#""intent":{"stamp":{"fence":1,"number":3},"action":{"traffic":"#;
    let is_shift = |line: &[u8]| line.windows(shift.len()).any(|part| part == shift);
    let shifted = lines.clone().position(is_shift).expect("there is one");
    lines.take(shifted + 1).flatten().copied().collect()
}

fn path(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    directory.join(format!("{name}.jsonl"))
}

#[expect(clippy::disallowed_methods, reason = "golden files are read, and written on demand")]
fn golden(name: &str, now: &[u8]) -> Vec<u8> {
    if std::env::var_os("PILOTAGE_WRITE_GOLDEN").is_some() {
        std::fs::write(path(name), now).expect("the repository can be written");
    }
    std::fs::read(path(name)).expect("it is checked in")
}

#[tokio::test(start_paused = true)]
async fn golden_journals_are_read_replayed_and_resumed() {
    for (name, now) in journals().await {
        let bytes = golden(name, &now);
        let decoded = decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(decoded.torn, 0, "{name}");
        let replayed = replay(&decoded.records).unwrap_or_else(|error| panic!("{name}: {error}"));
        let verdict = replayed.run.verdict();
        let as_named = match verdict {
            None => name == "dangling-order" && replayed.dangling,
            Some(Verdict::Deployed { .. }) => name.starts_with("deployed"),
            Some(Verdict::Reverted { .. }) => name.starts_with("reverted"),
            Some(Verdict::Interrupted) => name.starts_with("interrupted"),
            Some(_) => false,
        };
        assert!(as_named, "{name}: {verdict:?}");
        resume(name, bytes, replayed.run.is_over()).await;
    }
}

/// Whoever goes on with it ends with the new release or stays where it is; the world is a fresh
/// one, where nothing of it has happened yet.
async fn resume(name: &str, bytes: Vec<u8>, is_over: bool) {
    let harbour = Harbour::new();
    harbour.journals.put(&run(), bytes);
    let finished = harbour.resume().await.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(finished.written == 0, is_over, "{name}");
    if !is_over {
        let dangled = |event: &Event| matches!(event, Event::Resumed { dangling: true, .. });
        assert_eq!(harbour.events().iter().any(dangled), name.starts_with("dangling"), "{name}");
        assert_eq!(harbour.serves(), Some(new().id), "{name}: {:?}", finished.verdict);
    }
}

#[tokio::test(start_paused = true)]
async fn golden_journals_are_written_the_same_today() {
    for (name, now) in journals().await {
        let records = decode(&golden(name, &now)).expect("it is sound").records;
        let (mut head, mut bytes) = (Head::EMPTY, Vec::new());
        for record in &records {
            let line = encode(&head, record).expect("it makes a line");
            bytes.extend(line.bytes);
            head = line.head;
        }
        assert_eq!(decode(&bytes).expect("it is sound").records, records, "{name}");
    }
}
