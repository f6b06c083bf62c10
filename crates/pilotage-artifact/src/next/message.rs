//! Commit messages after the convention: the first line decides, the rest holds footers.
//!
//! A squash leaves in its body whatever people wrote: lists, code, half sentences. So the body is
//! never held to a grammar. It is read line by line for the few things that count, and text in
//! code fences is not read at all.

use alloc::string::String;
use alloc::vec::Vec;

/// The first line of a message: `feat(api)!: let clients wait`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'a> {
    /// What sort of change it is, as it was written.
    pub kind: &'a str,
    /// The part that it concerns.
    pub scope: Option<&'a str>,
    /// Whether a `!` says that something that worked no longer does.
    pub breaking: bool,
    /// What it does.
    pub subject: &'a str,
}

/// A first line that is not after the convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHeader {
    /// There is no colon.
    #[error("its first line has no `type: ` before the subject")]
    NoType,
    /// What stands before the colon is something else.
    #[error("what stands before the `:` is not `type`, `type(scope)` or either with `!`")]
    NotAType,
    /// Nothing follows the colon.
    #[error("nothing follows the `:`")]
    NoSubject,
}

impl<'a> Header<'a> {
    /// Reads a line.
    pub fn parse(line: &'a str) -> Result<Self, InvalidHeader> {
        let (before, subject) = line.trim().split_once(':').ok_or(InvalidHeader::NoType)?;
        let (before, breaking) = match before.strip_suffix('!') {
            Some(before) => (before, true),
            None => (before, false),
        };
        let (kind, scope) = match before.strip_suffix(')').and_then(|text| text.split_once('(')) {
            Some((kind, scope)) => (kind, Some(scope)),
            None => (before, None),
        };
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let scoped = |scope: &str| !scope.is_empty() && !scope.contains(['(', ')']);
        let named = !kind.is_empty() && kind.bytes().all(letter);
        if !named || !scope.is_none_or(scoped) {
            return Err(InvalidHeader::NotAType);
        }
        match subject.trim() {
            "" => Err(InvalidHeader::NoSubject),
            subject => Ok(Self { kind, scope, breaking, subject }),
        }
    }
}

/// What counts of the rest of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footers<'a> {
    /// What no longer works, from `BREAKING CHANGE: ` or `BREAKING-CHANGE: `.
    pub breaking: Option<&'a str>,
    /// The wanted versions, from `Release-As: `.
    pub release_as: Vec<&'a str>,
    /// The first lines of commits that a squash has listed as `* ` or `- `.
    pub listed: Vec<Header<'a>>,
}

impl<'a> Footers<'a> {
    /// Reads everything after the first line.
    pub fn parse(message: &'a str) -> Self {
        let mut footers = Self::default();
        let mut in_code = false;
        for line in message.lines().skip(1).map(str::trim) {
            if line.starts_with("```") {
                in_code = !in_code;
            } else if !in_code {
                footers.read(line);
            }
        }
        footers
    }

    fn read(&mut self, line: &'a str) {
        let item = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "));
        if let Some(header) = item.and_then(|item| Header::parse(item).ok()) {
            self.listed.push(header);
        }
        let Some((token, value)) = line.split_once(':') else { return };
        match (token, value.trim()) {
            ("BREAKING CHANGE" | "BREAKING-CHANGE", what) => self.breaking = Some(what),
            (token, version) if token.eq_ignore_ascii_case("release-as") => {
                self.release_as.push(version);
            }
            _ => {}
        }
    }
}

/// The first line, for a person who looks for the commit.
pub(super) fn subject(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_type_scope_and_subject() {
        let header = Header::parse("Feat(api/v2)!: let clients wait (#12)").expect("a header");
        let expected = Header {
            kind: "Feat",
            scope: Some("api/v2"),
            breaking: true,
            subject: "let clients wait (#12)",
        };
        assert_eq!(header, expected);
        let plain = Header::parse("fix: a: b").expect("the first colon counts");
        assert_eq!((plain.kind, plain.subject, plain.breaking), ("fix", "a: b", false));
    }

    #[test]
    fn says_what_is_wrong_with_a_line_that_is_none() {
        use InvalidHeader::{NoSubject, NoType, NotAType};
        for (line, why) in [
            ("", NoType),
            ("Update README", NoType),
            ("feat:", NoSubject),
            ("feat: ", NoSubject),
            ("feat (api): x", NotAType),
            ("feat(): x", NotAType),
            ("feat(a: x", NotAType),
            ("feat(a)b: x", NotAType),
            ("\u{2728} feat: x", NotAType),
            (": x", NotAType),
            ("Merge branch 'a': x", NotAType),
        ] {
            assert_eq!(Header::parse(line), Err(why), "{line}");
        }
    }

    #[test]
    fn a_body_is_read_whatever_else_is_in_it() {
        let message = "feat: one (#4)\n\n* fix!: drop it\n* see foo(bar\n\nMIN(COALESCE(\n- feat: two\n\
                       BREAKING CHANGE: no more xml\n  release-as: 2.0.0 \nCo-authored-by: a <b>";
        let footers = Footers::parse(message);
        assert_eq!(footers.breaking, Some("no more xml"));
        assert_eq!(footers.release_as, ["2.0.0"]);
        let kinds: Vec<_> = footers.listed.iter().map(|h| (h.kind, h.breaking)).collect();
        assert_eq!(kinds, [("fix", true), ("feat", false)]);
    }

    #[test]
    fn examples_in_code_and_words_in_passing_do_not_count() {
        let message = "docs: explain\n\n```\nBREAKING CHANGE: x\nRelease-As: 9.0.0\n```\n\
                       It says breaking change: no.\nfeat: not the first line";
        assert_eq!(Footers::parse(message), Footers::default());
    }
}
