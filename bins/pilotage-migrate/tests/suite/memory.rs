//! Migrators that want more memory than they may have: the kernel kills them, and says so.

use std::process::Command;

use pilotage_testkit::cramped::Cramped;

use crate::databases::Quay;
use crate::place::{Left, Place};

/// Enough for the binary, whatever it was built like.
const BYTES: u64 = 96 << 20;

/// Reads a line that never ends, all of which it has to remember.
const HUNGRY: &str = "echo last words; exec tail /dev/zero";
/// A script around it that goes on for a while, as those around a JVM do.
const AROUND: &str = "echo last words; tail /dev/zero; exit $?";

const SHORT: &str = "it needed more memory than it may have (the kernel says so): give it more";

/// The binary with these arguments, as a part of the group.
fn cramped(group: &Cramped, place: &Place, args: &[&str], with: &[(&str, &str)]) -> Left {
    let plain = place.command(args);
    let mut words = group.before().into_iter();
    let mut command = shell(&words.next().expect("a shell"));
    command.args(words).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(plain.get_current_dir().expect("a folder"));
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.envs(with.iter().copied());
    Left::of(command.output().expect("it runs"))
}

#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
fn shell(program: &std::ffi::OsStr) -> Command {
    Command::new(program)
}

#[test]
fn whoever_needs_too_much_is_said_to() {
    let Some(group) = Cramped::with(BYTES) else { return };
    for verb in ["exec", "run"] {
        for (script, words) in [
            (HUNGRY, format!("was killed by signal 9: {SHORT}: last words")),
            (AROUND, format!("exited with code 137 after a part of it was killed: {SHORT}")),
        ] {
            let place = Place::new();
            let left = cramped(&group, &place, &[verb, "--", "sh", "-c", script], &[]);
            left.expect(1, &[&words, "correct it and run it again"]);
            place.run(&["lock", "show"]).expect(0, &["free; last: failed", SHORT]);
        }
    }
}

#[test]
fn neither_another_signal_nor_an_earlier_kill_is_taken_for_it() {
    let Some(group) = Cramped::with(BYTES) else { return };
    let place = Place::new();
    let script = |script| cramped(&group, &place, &["exec", "--", "sh", "-c", script], &[]);
    script(HUNGRY).expect(1, &[SHORT]);
    script("kill -KILL $$").expect(1, &["by signal 9, and not for want of memory"]);
    script("exit 137").expect(1, &["exited with code 137\n"]);
    script("tail /dev/zero || true").expect(0, &["applied"]);
}

#[test]
fn no_lock_of_the_database_is_left_and_the_next_job_begins_again() {
    let Some(group) = Cramped::with(BYTES) else { return };
    for quay in Quay::each() {
        let with =
            |words: &[&str]| cramped(&group, &quay.place, &quay.words(words), &quay.variables());
        for verb in ["exec", "run"] {
            with(&[verb, "--", "sh", "-c", HUNGRY]).expect(1, &[SHORT]);
            with(&["status"]).expect(0, &["free; last: failed", SHORT]);
            // Nothing has to be waited for: neither a term nor a session that is left.
            let again = [verb, "--", "sh", "-c", "echo fed"];
            with(&again).expect(0, &["fed", "applied"]);
        }
    }
}
