//! How programs end, and what becomes of that.

use pilotage_testkit::wait::until;
use serde_json::Value;

use crate::place::Place;

#[test]
fn a_command_that_succeeds_is_applied_and_its_words_are_passed_on() {
    let place = Place::new();
    place.script(&["run"], "echo one >&2; echo two").expect(0, &["one", "two", "applied"]);
    place.run(&["status"]).expect(0, &["free; last: applied migrations sha256:"]);
}

#[test]
fn an_exit_code_is_told_with_the_last_words() {
    for verb in ["run", "exec"] {
        let place = Place::new();
        let left = place.script(&[verb], "echo last words; exit 3");
        left.expect(1, &["exited with code 3: last words"]);
        place.run(&["lock", "show"]).expect(0, &["free; last: failed"]);
    }
}

#[test]
fn a_signal_is_told_as_one() {
    for (signal, words) in
        [("SEGV", "ended by signal 11"), ("TERM", "ended by signal 15"), ("KILL", "signal 9")]
    {
        let place = Place::new();
        place.script(&["exec"], &format!("kill -{signal} $$")).expect(1, &[words]);
    }
    // The kernel kills for want of memory like this; it was not the kernel, or nobody knows.
    Place::new().script(&["run"], "kill -KILL $$").expect(1, &["memory"]);
}

#[test]
fn a_command_that_is_not_there_is_said_so() {
    let place = Place::new();
    place.run(&["exec", "--", "no-such-migrator"]).expect(1, &["`no-such-migrator` cannot be"]);
}

#[test]
fn nothing_can_be_read_by_a_command() {
    Place::new().script(&["exec"], "cat; echo end").expect(0, &["end"]);
}

#[test]
fn the_number_of_the_ownership_grows_and_is_in_the_environment() {
    let place = Place::new();
    let fence = || {
        let left = place.script(&["exec"], "echo fence=$PILOTAGE_FENCE").expect(0, &["fence="]);
        let number = left.err.rsplit_once("fence=").expect("it is there").1;
        number.split_whitespace().next().expect("a number").parse::<u64>().expect("a number")
    };
    let (first, second) = (fence(), fence());
    assert!(second > first, "{first} {second}");
}

#[test]
fn what_a_command_leaves_behind_in_its_group_is_ended() {
    let place = Place::new();
    place.script(&["exec"], "sleep 600 & echo $! > left").expect(0, &["applied"]);
    let number = place.read("left");
    let is_gone = || !crate::place::is_there(&number);
    until("the end of what was left", is_gone, || number.clone());
}

#[test]
fn lines_of_json_end_with_how_it_ended() {
    let place = Place::new();
    let left = place.script(&["run", "--json"], "echo hello").expect(0, &[]);
    let lines: Vec<Value> = left
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    assert!(lines.iter().any(|it| it["event"] == "said" && it["words"] == "hello"), "{lines:?}");
    let last = lines.last().expect("there are lines");
    assert_eq!((&last["event"], &last["verdict"]), (&"finished".into(), &"applied".into()));
    assert_eq!(last["exit_code"], 0);
    let left = place.run(&["run", "--json"]).expect(2, &[]);
    let failed: Value = serde_json::from_str(left.out.trim()).expect("one object");
    assert_eq!((&failed["event"], &failed["exit_code"]), (&"failed".into(), &2.into()));
}

#[test]
fn long_lines_and_many_of_them_do_not_hurt() {
    let place = Place::new();
    let script = "head -c 3000000 /dev/zero | tr '\\0' x; echo; yes line | head -n 20000; exit 4";
    let left = place.script(&["run"], script).expect(1, &["exited with code 4"]);
    let told = left.err.rsplit_once("failed: ").expect("it is told").1;
    assert!(told.len() < 10_000, "only the last words are kept: {} bytes", told.len());
}
