//! A report as SARIF 2.1.0, which code hosts show beside the lines.

use core::fmt::Write as _;

use serde_json::{Value, json};

use crate::lint::{FileReport, Report, Reported, Severity};
use crate::rule::{self, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as one SARIF log with one run.
pub fn sarif(report: &Report) -> Value {
    let rules: Vec<&Rule> = rule::all().collect();
    let results: Vec<Value> =
        report.findings().map(|(file, finding)| result(file, finding, &rules)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pilotage-migrate",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
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
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": format!("{}. Instead: {}.", finding.message, finding.rule.rewrite) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.path) },
            "region": {
                "startLine": finding.start.line,
                "startColumn": finding.start.column,
                "endLine": finding.end.line,
                "endColumn": finding.end.column,
            },
        }}],
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
