//! Whoever dies, a command runs once at a time, and the next job attaches or begins again.

use pilotage_testkit::wait::until;
use rustix::process::Signal;

use crate::place::{Place, is_there};

/// Says that it begins, waits for a word, and says that it is done.
const PATIENT: &str = "echo begun >> ran; until [ -e go ]; do sleep 0.02; done; echo done >> ran";

const RUN: [&str; 5] = ["run", "--", "sh", "-c", PATIENT];

#[test]
fn the_next_job_attaches_to_the_worker_of_one_that_was_killed() {
    let place = Place::new();
    let mut first = place.start("first", &RUN);
    place.wait_for("first", "has taken over");
    place.wait_for("ran", "begun");
    first.signal(Signal::KILL);
    first.ended();
    let mut second = place.start("second", &RUN);
    place.wait_for("second", "are under way");
    place
        .run(&["status"])
        .expect(0, &["applying migrations", "its worker on this machine: running"]);
    place.write("go", "");
    assert_eq!(second.ended(), Some(0), "{}", place.read("second"));
    assert_eq!(place.read("ran"), "begun\ndone\n", "once");
    place.run(&["lock", "show"]).expect(0, &["free; last: applied"]);
}

#[test]
fn two_jobs_at_once_have_one_worker() {
    let place = Place::new();
    let mut jobs = [place.start("first", &RUN), place.start("second", &RUN)];
    place.wait_for("ran", "begun");
    for name in ["first", "second"] {
        until(
            "both to see the worker",
            || ["taken over", "are under way"].iter().any(|it| place.read(name).contains(it)),
            || place.read(name),
        );
    }
    place.write("go", "");
    for job in &mut jobs {
        assert_eq!(job.ended(), Some(0));
    }
    assert_eq!(place.read("ran"), "begun\ndone\n", "once");
}

#[test]
fn another_set_waits_until_the_first_is_done() {
    let place = Place::new();
    let mut first = place.start("first", &RUN);
    place.wait_for("ran", "begun");
    let other = ["run", "--", "sh", "-c", "echo other >> ran"];
    let mut second = place.start("second", &other);
    place.wait_for("second", "waiting: ");
    place.write("go", "");
    assert_eq!((first.ended(), second.ended()), (Some(0), Some(0)));
    assert_eq!(place.read("ran"), "begun\ndone\nother\n");
}

#[test]
fn a_job_that_does_not_want_to_wait_any_more_leaves_the_worker_at_it() {
    let place = Place::new();
    let limited = [&["run", "--limit", "2s"], &RUN[1..]].concat();
    place.run(&limited).expect(4, &["still at it; the next run attaches", "next: run it again"]);
    place.write("go", "");
    let mut again = place.start("again", &RUN);
    assert_eq!(again.ended(), Some(0), "{}", place.read("again"));
    place.wait_for("ran", "done");
}

/// A command whose child has a child, both of which wait to be ended.
const FAMILY: &str = "sleep 600 & echo $! > child; echo $$ > parent; wait";

#[test]
fn a_command_does_not_outlive_its_worker() {
    let place = Place::new();
    let mut worker = place.start("said", &["exec", "--", "sh", "-c", FAMILY]);
    place.wait_for("parent", "\n");
    worker.signal(Signal::KILL);
    worker.ended();
    for name in ["parent", "child"] {
        until("the end of the command", || !is_there(&place.read(name)), || place.read(name));
    }
    // The kernel says that the owner is dead, so that nobody waits for its term.
    place.script(&["exec", "--wait", "5s"], "true").expect(0, &["applied"]);
}

#[test]
fn a_worker_that_was_killed_is_replaced() {
    let place = Place::new();
    let mut first = place.start("first", &RUN);
    place.wait_for("ran", "begun");
    let status = place.run(&["lock", "show", "--json"]).expect(0, &["process "]);
    let status: serde_json::Value = serde_json::from_str(&status.out).expect("an object");
    let who = status["lease"]["holder"]["who"].as_str().expect("somebody").to_owned();
    let number = who.rsplit_once(' ').expect("a number").1.parse::<i32>().expect("a number");
    let worker = rustix::process::Pid::from_raw(number).expect("a process");
    rustix::process::kill_process(worker, Signal::KILL).expect("it is there");
    assert_eq!(first.ended(), Some(4), "{}", place.read("first"));
    place.wait_for("first", "the worker died");
    place.write("go", "");
    place.run(&RUN).expect(0, &["applied"]);
    assert_eq!(place.read("ran"), "begun\nbegun\ndone\n");
}
