//! Being told to stop: safe within five seconds, and said how to go on.

use std::time::{Duration, Instant};

use pilotage_testkit::wait::until;
use rustix::process::Signal;

use crate::place::{Place, is_there};

const FAMILY: &str = "sleep 600 & echo $! > child; echo $$ > parent; wait";
/// It does not mind being asked.
const STUBBORN: &str = "trap '' TERM; echo $$ > parent; sleep 600; sleep 600";

#[expect(clippy::disallowed_methods, reason = "how long it takes is what the test is about")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn a_job_that_is_interrupted_leaves_the_worker_at_it() {
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::new();
        let script = "echo begun >> ran; until [ -e go ]; do sleep 0.02; done; echo done >> ran";
        let run = ["run", "--", "sh", "-c", script];
        let mut job = place.start("said", &run);
        place.wait_for("ran", "begun");
        job.signal(signal);
        assert_eq!(job.ended(), Some(130), "{}", place.read("said"));
        place.wait_for("said", "the worker goes on without this job");
        place.write("go", "");
        place.run(&run).expect(0, &["applied"]);
        place.wait_for("ran", "done");
    }
}

#[test]
fn a_command_is_stopped_with_all_that_it_has_started() {
    for script in [FAMILY, STUBBORN] {
        let place = Place::new();
        let mut worker = place.start("said", &["exec", "--", "sh", "-c", script]);
        place.wait_for("parent", "\n");
        let begun = now();
        worker.signal(Signal::TERM);
        assert_eq!(worker.ended(), Some(130), "{}", place.read("said"));
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
        for name in ["parent", "child"] {
            until("the end of all", || !is_there(&place.read(name)), || place.read(name));
        }
        place.run(&["lock", "show"]).expect(0, &["free; last: failed", "stopped on request"]);
    }
}

#[test]
fn a_second_signal_ends_a_command_at_once() {
    let place = Place::new();
    let mut worker = place.start("said", &["exec", "--", "sh", "-c", STUBBORN]);
    place.wait_for("parent", "\n");
    worker.signal(Signal::INT);
    worker.signal(Signal::TERM);
    assert_eq!(worker.ended(), Some(130), "{}", place.read("said"));
    until("its end", || !is_there(&place.read("parent")), || place.read("parent"));
}
