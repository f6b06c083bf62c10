//! What a report says, and what it never says.

use pilotage_scan::{AllowList, Report, Source, json, sarif, scan, text};

const VALUE: &str = "kX9-vQ2mT7pL4wZ8";

fn report(text: &str, allowed: &str) -> Report {
    let allowed = AllowList::parse(allowed).expect("it is one");
    scan([Source::file("deploy/app env", text.as_bytes())], &allowed)
}

#[test]
fn a_finding_says_where_and_what_to_do_but_not_the_value() {
    let report = report(&format!("A=1\nÜ=2 DB_PASSWORD={VALUE}\n"), "");
    let finding = &report.findings[0];
    assert_eq!((finding.line, finding.column, finding.end_column), (2, 17, 33));
    assert_eq!(finding.excerpt, "Ü=2 DB_PASSWORD=[hidden]");
    let shown = text(&report);
    assert!(shown.contains("deploy/app env:2:17") && shown.contains("secret store"), "{shown}");
    for said in
        [shown, json(&report).to_string(), sarif(&report).to_string(), format!("{report:?}")]
    {
        assert!(!said.contains(VALUE), "{said}");
    }
}

#[test]
fn a_code_host_gets_the_place_and_a_fingerprint_that_outlives_moves() {
    let (one, two) = (
        report(&format!("DB_PASSWORD={VALUE}\n"), ""),
        report(&format!("\n\nDB_PASSWORD={VALUE}\n"), ""),
    );
    let result = |report: &Report| sarif(report)["runs"][0]["results"][0].clone();
    let (one, two) = (result(&one), result(&two));
    assert_eq!(
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "deploy/app%20env"
    );
    assert_eq!(one["ruleId"], "password");
    assert_eq!(one["partialFingerprints"], two["partialFingerprints"]);
    assert_ne!(one["locations"], two["locations"]);
}

#[test]
fn what_is_allowed_has_a_reason_and_what_allows_nothing_is_said() {
    let line = format!("DB_PASSWORD={VALUE}\n");
    let inline = report(&format!("# pilotage-scan: allow the test server\n{line}"), "");
    assert!(inline.findings.is_empty());
    assert_eq!(inline.allowed[0].reason, "the test server");
    let mark = report(&line, "").findings[0].fingerprint();
    let list = format!(
        "[[allow]]\nfingerprint = '{mark}'\nreason = 'known'\n[[allow]]\npath = 'old/'\nreason = 'gone'\n"
    );
    let listed = report(&line, &list);
    assert!(listed.findings.is_empty());
    assert_eq!(listed.allowed[0].reason, "known");
    assert_eq!(listed.unused.len(), 1);
    assert!(text(&listed).contains("allows nothing any more, remove it: gone"));
}

#[test]
fn two_secrets_on_a_line_are_both_hidden_in_each_excerpt() {
    let report =
        report(&format!("DB_PASSWORD={VALUE} API_KEY=9f8e7d6c5b4a39281706f5e4d3c2b1a0\n"), "");
    assert_eq!(report.findings.len(), 2);
    for finding in &report.findings {
        assert_eq!(finding.excerpt, "DB_PASSWORD=[hidden] API_KEY=[hidden]");
    }
}

#[test]
fn what_was_not_looked_at_is_said() {
    let sources = [
        Source::file("a/Cargo.lock", "checksum = 1"),
        Source::file("logo.png", [0x89, 0, 1].to_vec()),
        Source::file("a.txt", "fine"),
    ];
    let report = scan(sources, &AllowList::default());
    let why: Vec<&str> = report.skipped.iter().map(|skipped| skipped.why).collect();
    assert_eq!(why, ["a lock file", "not a text"]);
    assert_eq!(report.texts, 1);
}
