//! From texts to a report.

use core::ops::Range;

use crate::allow::{self, Allow, AllowList};
use crate::detect::{Hit, detect};
use crate::excerpt::{clean, excerpt};
use crate::finding::Finding;
use crate::report::{Allowed, Report, Skipped};
use crate::source::Source;

/// The largest text that is looked at, in bytes.
const LARGEST: usize = 16 << 20;

/// Files that machines write, full of hashes that are no secrets.
const LOCK_FILES: &[&str] = &[
    "Cargo.lock",
    "Gemfile.lock",
    "Pipfile.lock",
    "bun.lock",
    "composer.lock",
    "flake.lock",
    "go.sum",
    "gradle.lockfile",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "packages.lock.json",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "yarn.lock",
    ".terraform.lock.hcl",
];

/// Looks at all of these texts.
pub fn scan(sources: impl IntoIterator<Item = Source>, allowed: &AllowList) -> Report {
    let mut scanner = Scanner::new(allowed);
    sources.into_iter().for_each(|source| scanner.look(&source));
    scanner.report()
}

/// Looks at one text after the other, so that never all of them must be held.
#[derive(Debug)]
pub struct Scanner<'a> {
    allowed: &'a AllowList,
    report: Report,
}

impl<'a> Scanner<'a> {
    /// A scan that has looked at nothing yet.
    pub fn new(allowed: &'a AllowList) -> Self {
        Self { allowed, report: Report::default() }
    }

    /// Looks at a text.
    pub fn look(&mut self, source: &Source) {
        let report = &mut self.report;
        if let Some(why) = unfit(source) {
            report.skipped.push(Skipped { path: clean(&source.path), why });
            return;
        }
        report.texts += 1;
        report.bytes += source.bytes.len();
        for (finding, comment) in findings(source) {
            let listed = self.allowed.entries().iter().find(|entry| entry.fits(&finding));
            match comment.or_else(|| listed.map(|entry| entry.reason.clone())) {
                Some(reason) => report.allowed.push(Allowed { finding, reason }),
                None => report.findings.push(finding),
            }
        }
    }

    /// What was found in all of them.
    pub fn report(self) -> Report {
        let Self { allowed, mut report } = self;
        let is_unused =
            |entry: &&Allow| !report.allowed.iter().any(|allowed| entry.fits(&allowed.finding));
        report.unused = allowed.entries().iter().filter(is_unused).cloned().collect();
        report
    }
}

fn unfit(source: &Source) -> Option<&'static str> {
    let name = source.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let head = source.bytes.get(..source.bytes.len().min(8192)).unwrap_or_default();
    if LOCK_FILES.contains(&name) {
        Some("a lock file")
    } else if source.bytes.len() > LARGEST {
        Some("larger than 16 MiB")
    } else if head.contains(&0) {
        Some("not a text")
    } else {
        None
    }
}

/// The findings on lines that count, and the reason beside each that has one.
fn findings(source: &Source) -> Vec<(Finding, Option<String>)> {
    let hits = detect(&source.bytes);
    let mut findings = Vec::with_capacity(hits.len());
    let mut lines = Lines { text: &source.bytes, number: 1, start: 0 };
    for hit in &hits {
        lines.go_to(hit.range.start);
        if source.counts(lines.number) {
            findings.push((finding(source, &lines, hit, &hits), lines.reason()));
        }
    }
    findings
}

fn finding(source: &Source, lines: &Lines<'_>, hit: &Hit, hits: &[Hit]) -> Finding {
    let line = lines.line();
    let inside = |range: &Range<usize>| {
        let end = range.end.min(line.end).saturating_sub(line.start);
        range.start.saturating_sub(line.start)..end
    };
    let on_it = hits.iter().filter(|other| line.contains(&other.range.start));
    let secrets: Vec<Range<usize>> = on_it.map(|other| inside(&other.range)).collect();
    let bytes = source.bytes.get(line.clone()).unwrap_or_default();
    let column = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        String::from_utf8_lossy(before).chars().count() + 1
    };
    let place = inside(&hit.range);
    Finding {
        rule: hit.rule,
        path: clean(&source.path),
        commit: source.commit,
        line: lines.number,
        column: column(place.start),
        end_column: column(place.end),
        excerpt: excerpt(bytes, &secrets),
    }
}

/// A walk over the lines of a text.
struct Lines<'t> {
    text: &'t [u8],
    number: usize,
    start: usize,
}

impl Lines<'_> {
    fn go_to(&mut self, at: usize) {
        let passed = self.text.get(self.start..at).unwrap_or_default();
        self.number += passed.split(|byte| *byte == b'\n').skip(1).count();
        let last = passed.iter().rposition(|byte| *byte == b'\n');
        self.start += last.map_or(0, |last| last + 1);
    }

    fn line(&self) -> Range<usize> {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.start..self.start + length
    }

    /// The reason on this line, or in a comment on the line above.
    fn reason(&self) -> Option<String> {
        let above = self.text.get(..self.start.saturating_sub(1)).unwrap_or_default();
        let above = above.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let here = self.text.get(self.line()).unwrap_or_default();
        let read = |line: &[u8]| allow::reason(&String::from_utf8_lossy(line)).map(str::to_owned);
        read(here).or_else(|| read(above))
    }
}
