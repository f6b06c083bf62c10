//! A report for programs.
//!
//! The form is stable: keys are only ever added. `version` changes when that promise must be broken.
//! Places count from one; columns count characters.

use serde_json::{Value, json};

use crate::finding::Finding;
use crate::report::Report;

/// The version of the form.
const VERSION: u32 = 1;

/// The report as one JSON value.
pub fn json(report: &Report) -> Value {
    let allowed = report.allowed.iter().map(|allowed| {
        let mut value = finding(&allowed.finding);
        value["reason"] = json!(allowed.reason);
        value
    });
    let skipped = report.skipped.iter().map(|it| json!({ "path": it.path, "why": it.why }));
    json!({
        "version": VERSION,
        "texts": report.texts,
        "bytes": report.bytes,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "allowed": allowed.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "unused": report.unused.iter().map(|entry| &entry.reason).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "instead": finding.rule.instead,
        "path": finding.path,
        "commit": finding.commit.map(|commit| commit.to_string()),
        "line": finding.line,
        "column": finding.column,
        "end_column": finding.end_column,
        "excerpt": finding.excerpt,
        "fingerprint": finding.fingerprint(),
    })
}
