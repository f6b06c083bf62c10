//! A report as annotations of CI systems, beside the lines that they are about.

use pilotage_ci::ci::{Spot, azure, github};
use pilotage_migration::lint::{FileReport, Report, Reported, Severity};

/// The annotations of GitHub Actions, as many as a step shows, the serious ones first.
pub(crate) fn github(report: &Report) -> String {
    let mut annotations = github::Annotations::default();
    let say = |(file, finding): &(&FileReport, &Reported)| {
        let level = match finding.severity {
            Severity::Error => github::Level::Error,
            Severity::Warning => github::Level::Warning,
            Severity::Note => github::Level::Notice,
        };
        annotations.say_at(level, finding.rule.id, Some(&spot(file, finding)), &message(finding))
    };
    let mut findings: Vec<_> = report.findings().collect();
    findings.sort_by_key(|(_, finding)| core::cmp::Reverse(finding.severity));
    findings.iter().map(say).collect()
}

/// The issues of Azure Pipelines; notes have no place there.
pub(crate) fn azure(report: &Report) -> String {
    let serious = report.findings().filter(|(_, finding)| finding.severity > Severity::Note);
    let say = |(file, finding): (&FileReport, &Reported)| {
        let kind = match finding.severity {
            Severity::Error => azure::Issue::Error,
            Severity::Warning | Severity::Note => azure::Issue::Warning,
        };
        azure::issue_at(kind, &spot(file, finding), &message(finding))
    };
    serious.map(say).collect()
}

fn spot<'a>(file: &'a FileReport, finding: &Reported) -> Spot<'a> {
    let (line, column) = (finding.start.line, finding.start.column);
    Spot { file: &file.path, line, column, end_line: finding.end.line }
}

fn message(finding: &Reported) -> String {
    let rule = finding.rule;
    format!("[{}] {}\nwhy: {}\ninstead: {}", rule.id, finding.message, rule.why, rule.rewrite)
}
