//! Children: what they get, what they write, how they end.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use pilotage_testkit::wait::until;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::place::{Place, locator};

const CONFIG: &str = r#"
[env.prod.secrets.web]
PASSWORD = "env:SOURCE"
CERTIFICATE = { from = "file:certificate", as = "fd" }
"#;

fn place() -> Place {
    let mut place = Place::new(CONFIG);
    place.environment.insert("SOURCE".into(), "correct-horse-battery".into());
    place.environment.insert("OTHER".into(), "unrelated".into());
    place.write("certificate", b"\0binary\xff staple staple");
    place
}

fn sh(place: &Place, script: &str) -> (Option<i32>, String, String) {
    let output = place.run_binary(&["exec", "--", "sh", "-c", script]);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_child_gets_its_secrets_and_nothing_of_others() {
    let place = place();
    let (code, out, err) = sh(&place, "echo ${#PASSWORD}; env | cut -d= -f1 | sort");
    assert_eq!(code, Some(0), "{err}");
    let names: Vec<&str> = out.lines().collect();
    assert_eq!(names[0], "21");
    assert!(names.contains(&"CERTIFICATE") && names.contains(&"PATH"), "{out}");
    assert!(!names.contains(&"SOURCE") && !names.contains(&"OTHER"), "{out}");
    let output = place.run_binary(&["exec", "--keep", "OTHER", "--", "sh", "-c", "echo $OTHER"]);
    assert_eq!(output.stdout, b"unrelated\n");
}

#[test]
fn a_descriptor_can_be_read_again_and_not_written() {
    let place = place();
    let script = "cat $CERTIFICATE | wc -c; cat $CERTIFICATE | wc -c; echo x > $CERTIFICATE";
    let (code, out, _) = sh(&place, script);
    assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["22", "22"]);
    assert_ne!(code, Some(0), "it is sealed");
}

#[test]
fn no_core_is_dumped() {
    let (_, out, err) = sh(&place(), "ulimit -c; ulimit -Hc");
    assert_eq!(out, "0\n0\n", "{err}");
}

#[test]
fn codes_and_signals_are_passed_on() {
    let place = place();
    assert_eq!(sh(&place, "exit 7").0, Some(7));
    assert_eq!(sh(&place, "kill -9 $$").0, Some(137));
    assert_eq!(place.run_binary(&["exec", "--", "./none"]).status.code(), Some(2));
    for (signal, name) in [(Signal::INT, "INT"), (Signal::TERM, "TERM"), (Signal::USR1, "USR1")] {
        let script =
            format!("trap 'echo got {name}; exit 3' {name}; echo ready; while :; do :; done");
        let mut child = place
            .binary(&["exec", "--", "sh", "-c", &script])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n");
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("an id");
        kill_process(id, signal).expect("sent");
        out.read_to_string(&mut line).expect("the rest");
        assert_eq!(line, format!("ready\ngot {name}\n"));
        assert_eq!(child.wait().expect("an end").code(), Some(3));
    }
}

#[test]
fn a_child_does_not_outlive_a_supervisor_that_is_killed() {
    let place = place();
    let script = "sleep 1000 & echo $$ $!; wait";
    let mut supervisor = place
        .binary(&["exec", "--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut out = BufReader::new(supervisor.stdout.take().expect("a pipe"));
    out.read_line(&mut line).expect("a line");
    let all: Vec<Pid> =
        line.split_whitespace().filter_map(|id| id.parse().ok().and_then(Pid::from_raw)).collect();
    assert_eq!(all.len(), 2, "{line}");
    supervisor.kill().expect("it is there");
    supervisor.wait().expect("it ends");
    // A number may be somebody else's by now, but not at once.
    let is_over = || all.iter().all(|id| test_kill_process(*id).is_err());
    until("the child and its descendant to end", is_over, || line.clone());
}

#[test]
fn what_the_child_writes_is_masked_in_both_streams() {
    let place = place();
    let script = "echo a $PASSWORD b; echo c $PASSWORD d >&2; printf %s $PASSWORD | base64";
    let (_, out, err) = sh(&place, script);
    assert!(out.starts_with("a [secret:PASSWORD] b\n"), "{out}");
    assert!(err.starts_with("c [secret:PASSWORD] d\n"), "{err}");
    assert!(!out.contains("Y29ycmVjdC1ob3JzZS"), "{out}");
}

#[test]
fn output_that_is_no_text_passes_as_it_is() {
    let output = place().run_binary(&[
        "exec",
        "--",
        "sh",
        "-c",
        "printf '\\377\\000\\n\\200'; printf x >&2",
    ]);
    assert_eq!((output.stdout, output.stderr), (b"\xff\0\n\x80".to_vec(), b"x".to_vec()));
}

#[test]
fn a_prompt_is_not_held_back_and_a_descendant_does_not_hold_up_the_end() {
    let place = place();
    let (code, out, _) = sh(&place, "printf 'password: '; (exec sleep 60 >&- 2>&- <&-) & exit 5");
    assert_eq!((code, out.as_str()), (Some(5), "password: "));
}

#[test]
fn a_short_value_is_not_masked_and_that_is_said() {
    let place = Place::new("[env.prod.secrets.web]\nPIN = 'asm:pin'\n");
    place.vault.put(&locator("asm:pin"), "1234");
    let left = place.run(&["exec", "--", "true"]);
    assert_eq!(left.code, 0);
    assert!(left.err.contains("`PIN` is not masked in output (the value)"), "{}", left.err);
}
