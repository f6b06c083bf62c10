//! A report as SARIF 2.1.0, which code hosts show beside the lines.

use pilotage_sarif::{Region, location, log};
use serde_json::{Value, json};

use crate::lint::{FileReport, Report, Reported, Severity};
use crate::rule::{self, Rule};

/// The report as one SARIF log with one run.
pub fn sarif(report: &Report) -> Value {
    let rules: Vec<&Rule> = rule::all().collect();
    let results: Vec<Value> =
        report.findings().map(|(file, finding)| result(file, finding, &rules)).collect();
    let descriptors: Vec<Value> = rules.iter().map(|rule| descriptor(rule)).collect();
    log("pilotage-migrate", &descriptors, &results)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": format!("{}. Instead: {}.", rule.why, rule.rewrite) },
        "help": { "text": rule.rewrite },
        "properties": { "tags": [rule.class.name()] },
    })
}

fn result(file: &FileReport, finding: &Reported, rules: &[&Rule]) -> Value {
    let index = rules.iter().position(|rule| *rule == finding.rule);
    let (start, end) = (finding.start, finding.end);
    let region = Region { start: (start.line, start.column), end: (end.line, end.column) };
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": format!("{}. Instead: {}.", finding.message, finding.rule.rewrite) },
        "locations": [location(&file.path, region)],
        "partialFingerprints": { "pilotage/v1": fingerprint(file, finding) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The same finding keeps its identity when lines above it come and go.
fn fingerprint(file: &FileReport, finding: &Reported) -> String {
    let parts = [finding.rule.id, &file.path, &finding.message, finding.line.trim()].join("\u{1f}");
    pilotage_artifact::Digest::of(parts.as_bytes()).short()
}
