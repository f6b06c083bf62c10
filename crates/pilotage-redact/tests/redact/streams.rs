//! What is held back, and for how long.

use std::io::Write as _;

use pilotage_redact::{Masked, Redactor, Secrets};

fn redactor() -> Redactor {
    let mut secrets = Secrets::new();
    secrets.add("X", b"hunter2-hunter2");
    secrets.redactor()
}

fn pushed(chunks: &[&str]) -> String {
    let (mut stream, mut out) = (redactor().stream(), Vec::new());
    for chunk in chunks {
        stream.push(chunk.as_bytes(), &mut out);
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn a_line_that_cannot_hold_a_beginning_is_never_held_back() {
    for line in ["starting\n", "50 % done", "the hun\n", "hunter2-hunter3", "> "] {
        assert_eq!(pushed(&[line]), line);
    }
}

#[test]
fn only_the_beginning_of_a_secret_is_held_back() {
    assert_eq!(pushed(&["password: hunter2-h"]), "password: ");
    assert_eq!(pushed(&["password: hunter2-h", "arm"]), "password: hunter2-harm");
    assert_eq!(pushed(&["password: hunter2-h", "unter2"]), "password: [secret:X]");
}

#[test]
fn a_flush_masks_a_long_beginning_and_the_rest_of_it_stays_masked() {
    let (mut stream, mut out) = (redactor().stream(), Vec::new());
    stream.push(b"a hunter2", &mut out);
    stream.flush(&mut out);
    assert_eq!(out, b"a [secret:X]");
    stream.push(b"-hunter2 b", &mut out);
    assert_eq!(out, b"a [secret:X] b");
}

#[test]
fn a_flush_shows_a_short_beginning_and_what_completes_it_is_masked() {
    let (mut stream, mut out) = (redactor().stream(), Vec::new());
    stream.push(b"who? hu", &mut out);
    stream.flush(&mut out);
    assert_eq!(out, b"who? hu");
    stream.push(b"nter2-hunter2\nhu", &mut out);
    stream.push(b"man\n", &mut out);
    assert_eq!(out, b"who? hu[secret:X]\nhuman\n");
}

#[test]
fn a_writer_masks_across_writes_and_gives_the_rest_at_its_end() {
    let mut out = Vec::new();
    let mut writer = Masked::new(&mut out, &redactor());
    for piece in ["to", "ken=hunt", "er2-hun", "ter2;", "hun"] {
        writer.write_all(piece.as_bytes()).expect("a vector takes all");
        writer.flush().expect("a vector flushes");
    }
    drop(writer);
    assert_eq!(String::from_utf8(out).expect("it is text"), "token=[secret:X];hun");
}

#[test]
fn without_secrets_all_goes_through() {
    let text = "hunter2-hunter2\n".repeat(100);
    assert_eq!(Redactor::default().text(&text), text);
}
