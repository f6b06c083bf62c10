//! A report for a person at a terminal.

use core::fmt::Write as _;

use crate::finding::Finding;
use crate::report::Report;

/// The report as text: each finding with its masked line, and a sum at the end.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let Finding { rule, excerpt, .. } = finding;
        let _infallible = writeln!(
            out,
            "{}: {}\n  --> {}\n    | {}\n  instead: {}\n  allow: fingerprint {}\n",
            rule.id,
            rule.title,
            place(finding),
            excerpt.trim(),
            rule.instead,
            finding.fingerprint()
        );
    }
    for allowed in &report.allowed {
        let (place, reason) = (place(&allowed.finding), crate::excerpt::clean(&allowed.reason));
        let _infallible = writeln!(out, "allowed: {place}: {}: {reason}", allowed.finding.rule.id);
    }
    for entry in &report.unused {
        let reason = crate::excerpt::clean(&entry.reason);
        let _infallible = writeln!(out, "allows nothing any more, remove it: {reason}");
    }
    let _infallible = writeln!(out, "{}", sum(report));
    out
}

fn place(finding: &Finding) -> String {
    let commit = finding.commit.map(|commit| format!("{}:", commit.short())).unwrap_or_default();
    format!("{commit}{}:{}:{}", finding.path, finding.line, finding.column)
}

fn sum(report: &Report) -> String {
    format!(
        "{} texts looked at, {} not: {} likely secrets, {} allowed",
        report.texts,
        report.skipped.len(),
        report.findings.len(),
        report.allowed.len(),
    )
}
