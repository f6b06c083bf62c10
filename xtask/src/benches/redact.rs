//! How much output a redactor passes through, beside an automaton over as many texts.
//!
//! Fifty secrets of the usual kinds, and the log of a busy service, in chunks as a pipe gives them.
//! The best of five rounds counts. The peer only searches; it neither masks nor streams.

use std::fmt::Write as _;

use aho_corasick::{AhoCorasick, MatchKind};
use pilotage_redact::{Redactor, Secrets};
use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::stopwatch::Stopwatch;

const SECRETS: usize = 50;
const FORMS: usize = 20;
const LENGTH: usize = 40;
const BYTES: usize = 64 << 20;
const CHUNK: usize = 64 << 10;
const ROUNDS: usize = 5;
/// What one core must pass through, in megabytes a second.
const LEAST: f64 = 500.0;

/// Passes a log through a redactor.
#[derive(Debug)]
pub(crate) struct Redact;

impl Bench for Redact {
    fn name(&self) -> &'static str {
        "redact"
    }

    fn about(&self) -> &'static str {
        "megabytes of a log that one core masks with fifty secrets, beside aho-corasick"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let mut random = fastrand::Rng::with_seed(6);
        let (redactor, values) = redactor(&mut random);
        let text = log(&mut random, &values);
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        let chunks: Vec<&[u8]> = text.chunks(CHUNK).collect();
        let theirs = automaton(&mut random)?;
        let theirs = best(text.len(), || theirs.find_iter(&text).count());
        let case = |name: &str, pieces: &[&[u8]], peer: Peer, bar: Bar| {
            let ours = best(text.len(), || masked(&redactor, pieces));
            Line::new(self.name(), name, Measure { unit: "MB/s", ours }, peer, bar)
        };
        let peer = Peer::Measured { name: "aho-corasick, search alone".into(), theirs };
        Ok(vec![
            case("50 secrets, 64 KiB chunks", &chunks, peer, Bar::OursAtLeast(LEAST)),
            case("50 secrets, line by line", &lines, Peer::None, Bar::None),
        ])
    }
}

fn best(bytes: usize, mut round: impl FnMut() -> usize) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let stopwatch = Stopwatch::start();
        std::hint::black_box(round());
        best = best.min(stopwatch.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let megabytes = bytes as f64 / 1e6;
    megabytes / best
}

fn masked(redactor: &Redactor, pieces: &[&[u8]]) -> usize {
    let (mut stream, mut out, mut written) = (redactor.stream(), Vec::new(), 0);
    for piece in pieces {
        stream.push(piece, &mut out);
        written += out.len();
        out.clear();
    }
    stream.finish(&mut out);
    written + out.len()
}

/// Passwords, URLs with one, and documents with one, in equal parts.
fn redactor(random: &mut fastrand::Rng) -> (Redactor, Vec<String>) {
    let mut secrets = Secrets::new();
    let mut values = Vec::new();
    for number in 0..SECRETS {
        let password = word(random, 24);
        let value = match number % 3 {
            0 => password.clone(),
            1 => format!("postgres://app:{password}@db-{number}.internal:5432/orders"),
            _ => format!(r#"{{"username":"app_{number}","password":"{password}"}}"#),
        };
        secrets.add(&format!("SECRET_{number}"), value.as_bytes());
        values.push(value);
    }
    (secrets.redactor(), values)
}

fn automaton(random: &mut fastrand::Rng) -> Result<AhoCorasick, Error> {
    let texts = (0..SECRETS * FORMS).map(|_| word(random, LENGTH));
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(texts);
    built.map_err(|error| Error::Output(std::io::Error::other(error)))
}

fn word(random: &mut fastrand::Rng, length: usize) -> String {
    std::iter::repeat_with(|| random.alphanumeric()).take(length).collect()
}

/// Lines with times, addresses, digests and identifiers; a secret in one of a thousand.
fn log(random: &mut fastrand::Rng, values: &[String]) -> Vec<u8> {
    let mut text = String::with_capacity(BYTES + 1024);
    let mut number = 0_usize;
    while text.len() < BYTES {
        let (ms, id, digest) = (random.u32(..999), random.u64(..), random.u128(..));
        let _infallible = writeln!(
            text,
            "2031-04-01T12:34:56.{ms:03}Z INFO http::server request{{method=GET path=/api/v1/orders/{ms} \
             id={id:016x}}}: answered status=200 elapsed={ms}us sha256:{digest:032x} token {}",
            word(random, 20)
        );
        if random.u32(..1000) == 0 {
            text.push_str(&values[number % values.len()]);
            text.push('\n');
            number += 1;
        }
    }
    text.into_bytes()
}
