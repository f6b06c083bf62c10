//! Comments that speak to this program.
//!
//! ```text
//! -- pilotage: phase contract since 2.4.0 because no version after 2.3 reads the column
//! -- pilotage: allow drop-column, drop-cascade because the column was never filled
//! ```
//!
//! A `phase` stands before the first statement and holds for the file; an `allow` stands directly
//! before a statement and holds for it alone. Everything else that looks like an annotation is an
//! error, for a permission that is silently ignored, or silently too wide, is worse than none.

use semver::Version;

use super::Phase;
use crate::rule::{self, Rule};
use crate::sql::{Kind, Token};

/// The shortest reason that says something.
const SHORTEST_REASON: usize = 10;

/// What an annotation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// The file belongs to this phase.
    Phase {
        /// Which.
        phase: Phase,
        /// The first version that does not need what a contract file removes.
        since: Option<Version>,
    },
    /// The next statement may run into these rules.
    Allow(Vec<&'static Rule>),
}

/// An annotation and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// What it says.
    pub verb: Verb,
    /// Why.
    pub reason: String,
    /// The comment.
    pub token: Token,
}

/// The annotations among these comments; an error is the comment and what is wrong with it.
pub fn annotations<'a>(
    text: &'a str,
    comments: &'a [Token],
) -> impl Iterator<Item = Result<Annotation, (Token, String)>> + 'a {
    comments.iter().filter_map(move |token| {
        let body = body(token.text(text));
        if !speaks_to_us(body) {
            return None;
        }
        let parsed = match token.kind {
            Kind::LineComment => parse(body),
            _ => Err("annotations are written after `--`".to_owned()),
        };
        let annotation = |(verb, reason)| Annotation { verb, reason, token: *token };
        Some(parsed.map(annotation).map_err(|problem| (*token, problem)))
    })
}

fn body(comment: &str) -> &str {
    let comment = comment.strip_suffix("*/").unwrap_or(comment);
    comment.trim_start_matches(['-', '#', '/', '*', '!']).trim()
}

/// Whether a comment is meant for this program, however badly it is written.
fn speaks_to_us(body: &str) -> bool {
    let Some(name) = body.get(.."pilotage".len()) else { return false };
    let rest = body.get("pilotage".len()..).unwrap_or_default().trim_start().to_ascii_lowercase();
    let verbs = ["allow", "phase", "ignore", "disable"];
    name.eq_ignore_ascii_case("pilotage")
        && (rest.starts_with([':', '-', '=']) || verbs.iter().any(|verb| rest.starts_with(verb)))
}

fn parse(body: &str) -> Result<(Verb, String), String> {
    let rest = body.strip_prefix("pilotage:").ok_or("it begins with `pilotage:`")?;
    let (order, reason) = match rest.split_once(" because ") {
        Some((order, reason)) => (order.trim(), reason.trim()),
        None => return Err("the reason is missing: `... because REASON`".to_owned()),
    };
    if reason.chars().count() < SHORTEST_REASON {
        return Err(format!("`{reason}` is no reason that helps anybody"));
    }
    let verb = match order.split_once(' ') {
        Some(("phase", phase)) => parse_phase(phase.trim()),
        Some(("allow", rules)) => parse_rules(rules),
        _ => Err(format!("`{order}` is neither `phase PHASE` nor `allow RULE`")),
    };
    Ok((verb?, reason.to_owned()))
}

fn parse_phase(text: &str) -> Result<Verb, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    let phase = Phase::named(name)
        .ok_or_else(|| format!("`{name}` is no phase; there are expand, contract and data"))?;
    let since = match (words.next(), words.next(), words.next()) {
        (None, ..) => None,
        (Some("since"), Some(version), None) => Some(parse_version(version)?),
        _ => return Err(format!("`{text}` is not `PHASE [since VERSION]`")),
    };
    if since.is_some() && phase != Phase::Contract {
        return Err(format!("only contract files wait for a version, and this one is {phase}"));
    }
    Ok(Verb::Phase { phase, since })
}

/// A version, with or without the `v` that tags carry.
fn parse_version(text: &str) -> Result<Version, String> {
    let plain = text.strip_prefix('v').unwrap_or(text);
    Version::parse(plain).map_err(|error| format!("`{text}` is no version such as 2.4.0: {error}"))
}

fn parse_rules(text: &str) -> Result<Verb, String> {
    let find = |id: &str| {
        rule::find(id).ok_or_else(|| match rule::nearest(id) {
            Some(near) => format!("there is no rule `{id}`; did you mean `{near}`?"),
            None => format!("there is no rule `{id}`"),
        })
    };
    let rules = text.split(',').map(|id| find(id.trim())).collect::<Result<Vec<_>, _>>()?;
    match rules.iter().find(|rule| !may_be_allowed(rule)) {
        Some(rule) => Err(format!("`{}` cannot be allowed; {}", rule.id, rule.rewrite)),
        None => Ok(Verb::Allow(rules)),
    }
}

/// What is wrong with the file itself cannot be wished away.
fn may_be_allowed(rule: &Rule) -> bool {
    rule.class != rule::Class::Form && rule.id != "unused-annotation"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(comment: &str) -> Option<Result<Verb, String>> {
        let kind = if comment.starts_with("/*") { Kind::BlockComment } else { Kind::LineComment };
        let token = Token { kind, start: 0, end: comment.len() };
        let found = annotations(comment, &[token]).next();
        found.map(|found| found.map(|it| it.verb).map_err(|(_, problem)| problem))
    }

    #[test]
    fn good_annotations_are_understood() {
        let phase =
            said("-- pilotage: phase contract since v2.4.0 because nothing reads it any more");
        let since = Some(Version::new(2, 4, 0));
        assert_eq!(phase, Some(Ok(Verb::Phase { phase: Phase::Contract, since })));
        let allow = said("-- pilotage: allow drop-table, drop-cascade because it was never used");
        let rules = ["drop-table", "drop-cascade"].map(|id| rule::find(id).expect("it is a rule"));
        assert_eq!(allow, Some(Ok(Verb::Allow(rules.to_vec()))));
    }

    #[test]
    fn every_mistake_is_an_error() {
        for (comment, problem) in [
            ("-- pilotage: allow drop-table", "reason is missing"),
            ("-- pilotage: allow drop-table because ok", "no reason"),
            (
                "-- pilotage: allow drop-tabel because it was never used",
                "did you mean `drop-table`",
            ),
            ("-- pilotage: allow because it was never used", "neither"),
            ("-- pilotage: permit drop-table because it was never used", "neither"),
            ("-- Pilotage: allow drop-table because it was never used", "begins with"),
            ("-- pilotage : allow drop-table because it was never used", "begins with"),
            ("-- pilotage allow drop-table because it was never used", "begins with"),
            ("/* pilotage: allow drop-table because it was never used */", "after `--`"),
            ("-- pilotage: phase later because it was never used", "is no phase"),
            ("-- pilotage: phase expand since 1.0.0 because it was never used", "only contract"),
            ("-- pilotage: phase contract since soon because it was never used", "no version"),
            ("-- pilotage: phase contract from 1.0.0 because it was never used", "is not"),
            ("-- pilotage: allow unended because it was never used", "cannot be allowed"),
        ] {
            let found = said(comment).expect(comment).expect_err(comment);
            assert!(found.contains(problem), "{comment}: {found}");
        }
    }

    #[test]
    fn other_comments_are_left_alone() {
        for comment in ["-- a comment", "-- pilotage is a tool", "--", "-- the pilotage: fee"] {
            assert_eq!(said(comment), None, "{comment}");
        }
    }
}
