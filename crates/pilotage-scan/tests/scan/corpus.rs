//! How many secrets are found, and how often something else is taken for one.

use pilotage_scan::{AllowList, Source, scan};

const CORPUS: &str = include_str!("corpus.tsv");
const LEAST_RECALL: f64 = 0.95;
const MOST_FALSE_ALARMS: f64 = 0.02;

struct Row<'c> {
    is_secret: bool,
    path: &'c str,
    text: String,
}

fn rows() -> Vec<Row<'static>> {
    let lines = CORPUS.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut fields = line.splitn(3, '\t');
        let mut next = || fields.next().unwrap_or_default();
        let (label, path, text) = (next(), next(), next());
        Row {
            is_secret: label == "secret", path, text: text.replace('¦', "").replace('⏎', "\n")
        }
    };
    lines.map(row).collect()
}

fn is_found(row: &Row<'_>) -> bool {
    let source = Source::file(row.path, row.text.as_bytes());
    !scan([source], &AllowList::default()).findings.is_empty()
}

/// The rows of this label, and how many of them have a finding.
fn count(is_secret: bool) -> (usize, usize) {
    let rows = rows();
    let rows: Vec<&Row<'_>> = rows.iter().filter(|row| row.is_secret == is_secret).collect();
    let (found, other): (Vec<&Row<'_>>, Vec<&Row<'_>>) = rows.iter().partition(|row| is_found(row));
    for wrong in if is_secret { &other } else { &found } {
        println!("{}: {}: {}", if is_secret { "missed" } else { "false" }, wrong.path, wrong.text);
    }
    (rows.len(), found.len())
}

#[expect(clippy::cast_precision_loss, reason = "a corpus of hundreds of lines")]
fn share((all, part): (usize, usize)) -> f64 {
    part as f64 / all as f64
}

#[test]
fn secrets_are_found_and_little_else_is() {
    let (secrets, clean) = (count(true), count(false));
    let (recall, alarms) = (share(secrets), share(clean));
    println!(
        "recall {:.1} % of {}, false alarms {:.1} % of {}",
        recall * 100.0,
        secrets.0,
        alarms * 100.0,
        clean.0
    );
    assert!(secrets.0 + clean.0 >= 300);
    assert!(recall >= LEAST_RECALL, "recall {recall}");
    assert!(alarms <= MOST_FALSE_ALARMS, "false alarms {alarms}");
}
