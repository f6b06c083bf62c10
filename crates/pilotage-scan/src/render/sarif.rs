//! A report as SARIF 2.1.0, which code hosts show beside the lines.

use core::fmt::Write as _;

use serde_json::{Value, json};

use crate::finding::Finding;
use crate::report::Report;
use crate::rule::{RULES, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as one SARIF log with one run; what is allowed is in it as suppressed.
pub fn sarif(report: &Report) -> Value {
    let open = report.findings.iter().map(|finding| result(finding, None));
    let allowed = report.allowed.iter().map(|it| result(&it.finding, Some(&it.reason)));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pilotage-secret",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": open.chain(allowed).collect::<Vec<_>>(),
        }],
    })
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
    json!({
        "ruleId": rule.id,
        "ruleIndex": RULES.iter().position(|other| *other == *rule),
        "level": "error",
        "message": { "text": format!("{}. Instead: {}.", rule.title, rule.instead) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.path) },
            "region": {
                "startLine": line, "startColumn": column, "endLine": line, "endColumn": end_column,
            },
        }}],
        "partialFingerprints": { "pilotage/v1": finding.fingerprint() },
        "suppressions": suppressions,
    })
}

/// A path as a relative reference: what has a meaning in one is written by its number.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if keep(byte) {
            uri.push(char::from(byte));
        } else {
            let _infallible = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
