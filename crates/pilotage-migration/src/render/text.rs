//! A report for a person at a terminal.

use core::fmt::Write as _;

use super::clean;
use crate::lint::{FileReport, Report, Reported, Severity};
use crate::rule::Lock;

/// The report as text: each finding with its line and a mark under it, and a sum at the end.
pub fn text(report: &Report, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    for (file, finding) in report.findings() {
        one(&mut out, file, finding, &paint);
    }
    for (file, allowed) in report.files.iter().flat_map(|f| f.allowed.iter().map(move |a| (f, a))) {
        let place =
            format!("{}:{}:{}", clean(&file.path), allowed.start.line, allowed.start.column);
        let reason = clean(&allowed.reason);
        let _infallible = writeln!(out, "allowed: {place}: {}: {reason}", allowed.rule.id);
    }
    let _infallible = writeln!(out, "{}", sum(report));
    out
}

/// The sum of a report, on one line.
fn sum(report: &Report) -> String {
    let count = |severity| report.count(severity);
    let allowed: usize = report.files.iter().map(|file| file.allowed.len()).sum();
    format!(
        "{} files, {} statements for {}: {} errors, {} warnings, {} notes, {allowed} allowed",
        report.files.len(),
        report.statements(),
        report.server,
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    )
}

fn one(out: &mut String, file: &FileReport, finding: &Reported, paint: &Paint) {
    let severity = paint.severity(finding.severity);
    let (path, message) = (clean(&file.path), clean(&finding.message));
    let (line, column) = (finding.start.line, finding.start.column);
    let mut put = |text: String| {
        let _infallible = writeln!(out, "{text}");
    };
    put(format!("{severity}[{}]: {message}", finding.rule.id));
    put(format!("  {} {path}:{line}:{column}", paint.dim("-->")));
    if !finding.line.trim().is_empty() {
        let gutter = line.to_string();
        put(format!("  {} {} {}", paint.dim(&gutter), paint.dim("|"), clean(&finding.line)));
        let (margin, space) = (" ".repeat(gutter.len()), " ".repeat(column.saturating_sub(1)));
        put(format!("  {margin} {} {space}{}", paint.dim("|"), paint.severity_mark(finding)));
    }
    put(format!("  {}: {}; {}", paint.bold("why"), finding.rule.class.meaning(), finding.rule.why));
    if finding.lock != Lock::None {
        let (name, hinders) = (finding.lock.name(), finding.lock.hinders());
        put(format!(
            "  {}: {name}, {}; hinders {hinders}",
            paint.bold("lock"),
            finding.work.name()
        ));
    }
    put(format!("  {}: {}\n", paint.bold("instead"), finding.rule.rewrite));
}

/// Colours, or none.
struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, text: &str, style: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn severity(&self, severity: Severity) -> String {
        self.with(severity.name(), Self::style(severity))
    }

    fn severity_mark(&self, finding: &Reported) -> String {
        let shown = finding.line.chars().count().max(finding.start.column) + 1;
        let end = if finding.end.line == finding.start.line { finding.end.column } else { shown };
        let length = end.min(shown).saturating_sub(finding.start.column).max(1);
        self.with(&"^".repeat(length), Self::style(finding.severity))
    }

    fn style(severity: Severity) -> &'static str {
        match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note => "1;36",
        }
    }

    fn dim(&self, text: &str) -> String {
        self.with(text, "2")
    }

    fn bold(&self, text: &str) -> String {
        self.with(text, "1")
    }
}
