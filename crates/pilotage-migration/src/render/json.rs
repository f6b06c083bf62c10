//! A report for programs.
//!
//! The form is stable: keys are only ever added. `version` changes when that promise must be
//! broken. Places count from one; columns count characters. Times are milliseconds, null for none.

use core::time::Duration;

use serde_json::{Value, json};

use crate::lint::{FileReport, Report, Reported, Severity, StatementReport};

/// The version of the form.
const VERSION: u32 = 1;

/// The report as one JSON value.
pub fn json(report: &Report) -> Value {
    json!({
        "version": VERSION,
        "server": report.server.to_string(),
        "digest": report.digest.to_string(),
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &FileReport) -> Value {
    let allowed = file.allowed.iter().map(|allowed| {
        json!({
            "rule": allowed.rule.id,
            "line": allowed.start.line,
            "column": allowed.start.column,
            "reason": allowed.reason,
        })
    });
    json!({
        "path": file.path,
        "phase": file.phase,
        "digest": file.digest.as_ref().map(ToString::to_string),
        "findings": file.findings.iter().map(finding).collect::<Vec<_>>(),
        "allowed": allowed.collect::<Vec<_>>(),
        "statements": file.statements.iter().map(statement).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Reported) -> Value {
    json!({
        "rule": finding.rule.id,
        "class": finding.rule.class,
        "severity": finding.severity,
        "message": finding.message,
        "why": finding.rule.why,
        "instead": finding.rule.rewrite,
        "lock": finding.lock,
        "work": finding.work,
        "line": finding.start.line,
        "column": finding.start.column,
        "end_line": finding.end.line,
        "end_column": finding.end.column,
    })
}

fn statement(statement: &StatementReport) -> Value {
    let budget = statement.effect.budget();
    json!({
        "line": statement.start.line,
        "column": statement.start.column,
        "lock": statement.effect.lock,
        "work": statement.effect.work,
        "transaction": statement.effect.transaction.name(),
        "lock_timeout_ms": milliseconds(budget.lock_timeout),
        "statement_timeout_ms": milliseconds(budget.statement_timeout),
        "retries": budget.retries,
    })
}

fn milliseconds(time: Option<Duration>) -> Option<u64> {
    time.and_then(|time| u64::try_from(time.as_millis()).ok())
}
