//! One file after the other.

use std::path::Path;

use pilotage_artifact::Digest;
use semver::Version;

use crate::reading::{Context, State};
use crate::rule::{Finding, Rule, catalogue as rules};
use crate::server::Server;
use crate::set::{Annotation, Content, Misread, Phase, SetDigest, Verb, annotations, decode};
use crate::sql::{Chunk, Cursor, Lines, Place, Split, Token, byte_at};

use super::flow::Flow;
use super::judge;
use super::report::{Allowed, FileReport, Report, Reported, StatementReport};
use super::{Options, statement};

/// How much of a line is kept to be shown.
const SHOWN: usize = 240;

/// Goes through the files of a set.
#[derive(Debug)]
pub struct Linter {
    options: Options,
    state: State,
    digest: SetDigest,
    files: Vec<FileReport>,
}

impl Linter {
    /// Begins a set.
    pub fn new(options: Options) -> Self {
        Self { options, state: State::default(), digest: SetDigest::default(), files: Vec::new() }
    }

    /// Reads the next file; `name` is how it is shown.
    pub fn file(&mut self, name: &str, content: &Content) {
        let report = match content {
            Content::TooLarge => refused(name, rules::FILE_TOO_LARGE, None),
            Content::Whole(bytes) => {
                let digest = Digest::of(bytes);
                self.digest.add(name, &digest);
                let report = match decode(bytes) {
                    Ok(text) => self.text(name, text),
                    Err(misread) => refused(name, rules::NOT_UTF8, Some(misread)),
                };
                FileReport { digest: Some(digest), ..report }
            }
        };
        self.files.push(report);
    }

    /// Says of the last file that it has the version of another one.
    pub fn repeats(&mut self, other: &str) {
        if let Some(report) = self.files.last_mut() {
            let finding = Finding::new(rules::SAME_VERSION_TWICE, 0..0, format!("`{other}`"));
            report.findings.insert(0, reported(&finding, report.phase, &Lines::of("")));
        }
    }

    /// What was found in the last file.
    pub fn last(&self) -> Option<&FileReport> {
        self.files.last()
    }

    /// Ends the set.
    pub fn finish(self) -> Report {
        Report { server: self.options.server, digest: self.digest.finish(), files: self.files }
    }

    fn text(&mut self, name: &str, text: &str) -> FileReport {
        self.state.next_file(self.options.applied_together);
        let mut reading = Reading::new(text, self.options.server, Path::new(name));
        for chunk in Split::new(text, self.options.server) {
            match chunk {
                Ok(chunk) => reading.chunk(&chunk, &mut self.state),
                Err(error) => {
                    let span = byte_at(error.at);
                    reading.open.push(Finding::new(rules::UNENDED, span, error.what.name()));
                }
            }
        }
        reading.finish(name, &self.options)
    }
}

/// A file that was not read, or not to its end.
fn refused(name: &str, rule: &'static Rule, misread: Option<Misread>) -> FileReport {
    let phase = Phase::of_path(Path::new(name)).unwrap_or_default();
    let place = misread.as_ref().map_or(Place { line: 1, column: 1 }, |misread| misread.place);
    let finding = Finding::new(rule, 0..0, misread.map(|misread| misread.why).unwrap_or_default());
    let shown = Reported { start: place, end: place, ..reported(&finding, phase, &Lines::of("")) };
    FileReport {
        path: name.to_owned(),
        phase,
        digest: None,
        findings: vec![shown],
        allowed: Vec::new(),
        statements: Vec::new(),
    }
}

fn reported(finding: &Finding, phase: Phase, lines: &Lines<'_>) -> Reported {
    let start = lines.place(finding.span.start);
    Reported {
        rule: finding.rule,
        severity: judge::severity(finding.rule, phase),
        message: finding.message(),
        start,
        end: lines.place(finding.span.end),
        line: lines.line(start.line).chars().take(SHOWN).collect(),
        lock: finding.lock,
        work: finding.work,
    }
}

/// A file that is being read.
struct Reading<'a> {
    text: &'a str,
    server: Server,
    lines: Lines<'a>,
    by_path: Option<Phase>,
    phase: Phase,
    since: Option<Version>,
    flow: Flow,
    /// What is wrong and was not allowed.
    open: Vec<Finding>,
    allowed: Vec<Allowed>,
    statements: Vec<StatementReport>,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str, server: Server, path: &Path) -> Self {
        let by_path = Phase::of_path(path);
        Self {
            text,
            server,
            lines: Lines::of(text),
            by_path,
            phase: by_path.unwrap_or_default(),
            since: None,
            flow: Flow::default(),
            open: Vec::new(),
            allowed: Vec::new(),
            statements: Vec::new(),
        }
    }

    fn chunk(&mut self, chunk: &Chunk, state: &mut State) {
        let permissions = self.annotations(chunk);
        if chunk.tokens.is_empty() {
            return self.unused(&permissions, &[]);
        }
        let cursor = Cursor::new(self.text, &chunk.tokens, self.server.is_postgres());
        let context = Context { server: self.server, state };
        let reading = statement::read(self.text, chunk, context);
        let mut findings = reading.findings;
        findings.extend(judge::misplaced(cursor, self.phase));
        findings.extend(self.flow.see(cursor, reading.effect, self.server.is_postgres()));
        self.keep(findings, &permissions);
        let span = chunk.span();
        self.statements.push(StatementReport {
            from: span.start,
            to: span.end,
            start: self.lines.place(span.start),
            effect: reading.effect,
        });
        reading.facts.into_iter().for_each(|fact| state.learn(fact));
    }

    /// Obeys the annotations before a statement; returns what they allow.
    fn annotations(&mut self, chunk: &Chunk) -> Vec<Annotation> {
        let mut permissions = Vec::new();
        for found in annotations(self.text, &chunk.before) {
            match found {
                Err((token, problem)) => self.bad(token, problem),
                Ok(Annotation { verb: Verb::Phase { phase, since }, token, .. }) => {
                    self.enter(phase, since, token);
                }
                Ok(annotation) => permissions.push(annotation),
            }
        }
        for found in annotations(self.text, &chunk.inside) {
            let token = found.map_or_else(|(token, _)| token, |annotation| annotation.token);
            self.bad(token, "it stands inside a statement; put it before".to_owned());
        }
        permissions
    }

    fn enter(&mut self, phase: Phase, since: Option<Version>, token: Token) {
        if !self.statements.is_empty() {
            return self.bad(token, "the phase is said before the first statement".to_owned());
        }
        if self.by_path.is_some_and(|by_path| by_path != phase) {
            self.open.push(Finding::new(rules::PHASES_DISAGREE, token.span(), phase.name()));
        }
        (self.phase, self.since) = (phase, since);
        // A second one would change it again.
        self.by_path = Some(phase);
    }

    fn bad(&mut self, token: Token, problem: String) {
        self.open.push(Finding::new(rules::BAD_ANNOTATION, token.span(), problem));
    }

    /// Keeps what is not allowed, and who allowed the rest.
    fn keep(&mut self, findings: Vec<Finding>, permissions: &[Annotation]) {
        self.unused(permissions, &findings);
        for finding in findings {
            let permission = permissions.iter().find(|annotation| allows(annotation, finding.rule));
            match permission {
                Some(permission) => self.allowed.push(Allowed {
                    rule: finding.rule,
                    start: self.lines.place(finding.span.start),
                    reason: permission.reason.clone(),
                }),
                None => self.open.push(finding),
            }
        }
    }

    fn unused(&mut self, permissions: &[Annotation], findings: &[Finding]) {
        for annotation in permissions {
            let Verb::Allow(allowed) = &annotation.verb else { continue };
            let happens = |rule: &&&Rule| findings.iter().any(|finding| finding.rule == **rule);
            let idle: Vec<&str> =
                allowed.iter().filter(|rule| !happens(rule)).map(|rule| rule.id).collect();
            if !idle.is_empty() {
                let about = idle.join(", ");
                let span = annotation.token.span();
                self.open.push(Finding::new(rules::UNUSED_ANNOTATION, span, about));
            }
        }
    }

    fn finish(mut self, name: &str, options: &Options) -> FileReport {
        let gate = judge::gate(self.phase, self.since.as_ref(), options.running.as_ref());
        self.open.extend(gate);
        self.open.extend(judge::contract_in_expand(&self.open, self.phase));
        self.open.extend(self.flow.end());
        if self.statements.is_empty() && self.open.is_empty() {
            self.open.push(Finding::new(rules::NOTHING_INSIDE, 0..0, ""));
        }
        let mut findings: Vec<Reported> =
            self.open.iter().map(|finding| reported(finding, self.phase, &self.lines)).collect();
        findings.sort_by_key(|finding| (finding.start, core::cmp::Reverse(finding.severity)));
        FileReport {
            path: name.to_owned(),
            phase: self.phase,
            digest: None,
            findings,
            allowed: self.allowed,
            statements: self.statements,
        }
    }
}

fn allows(annotation: &Annotation, rule: &'static Rule) -> bool {
    matches!(&annotation.verb, Verb::Allow(rules) if rules.contains(&rule))
}
