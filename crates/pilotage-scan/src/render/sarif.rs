//! A report as SARIF 2.1.0, which code hosts show beside the lines.

use pilotage_sarif::{Region, location, log};
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::report::Report;
use crate::rule::{RULES, Rule};

/// The report as one SARIF log with one run; what is allowed is in it as suppressed.
pub fn sarif(report: &Report) -> Value {
    let open = report.findings.iter().map(|finding| result(finding, None));
    let allowed = report.allowed.iter().map(|it| result(&it.finding, Some(&it.reason)));
    let results: Vec<Value> = open.chain(allowed).collect();
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule)).collect();
    log("pilotage-secret", &rules, &results)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "help": { "text": rule.instead },
        "properties": { "tags": ["security"], "security-severity": "8.0" },
    })
}

fn result(finding: &Finding, reason: Option<&String>) -> Value {
    let Finding { rule, line, column, end_column, .. } = finding;
    let suppressions: Vec<Value> = reason
        .map(|reason| json!({ "kind": "external", "justification": reason }))
        .into_iter()
        .collect();
    let region = Region { start: (*line, *column), end: (*line, *end_column) };
    json!({
        "ruleId": rule.id,
        "ruleIndex": RULES.iter().position(|other| *other == *rule),
        "level": "error",
        "message": { "text": format!("{}. Instead: {}.", rule.title, rule.instead) },
        "locations": [location(&finding.path, region)],
        "partialFingerprints": { "pilotage/v1": finding.fingerprint() },
        "suppressions": suppressions,
    })
}
