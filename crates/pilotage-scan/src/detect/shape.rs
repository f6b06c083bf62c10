//! Tokens that are known by their shape: a prefix that nothing else has, and a body of one alphabet.

use core::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::catalogue::SHAPES;
use super::{Hit, value};
use crate::rule::Rule;

/// How the rest of a token looks.
pub(super) enum Body {
    /// This many characters of an alphabet, and not one more.
    Of(Alphabet, core::ops::RangeInclusive<usize>),
    /// Something that needs a look of its own: the range of the secret, if there is one.
    Special(fn(&[u8], Range<usize>) -> Option<Range<usize>>),
}

/// The characters of a body.
pub(super) type Alphabet = fn(u8) -> bool;

/// A shape of a token.
pub(super) struct Shape {
    rule: &'static Rule,
    pub(super) prefix: &'static str,
    body: Body,
}

pub(super) const fn of(
    rule: &'static Rule,
    prefix: &'static str,
    alphabet: Alphabet,
    least: usize,
    most: usize,
) -> Shape {
    Shape { rule, prefix, body: Body::Of(alphabet, least..=most) }
}

pub(super) const fn special(
    rule: &'static Rule,
    prefix: &'static str,
    look: fn(&[u8], Range<usize>) -> Option<Range<usize>>,
) -> Shape {
    Shape { rule, prefix, body: Body::Special(look) }
}

/// Finds the prefixes; nothing, should they not make a searcher, which a test rules out.
static PREFIXES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let prefixes = SHAPES.iter().map(|shape| shape.prefix);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(prefixes).ok()
});

/// All tokens of a known shape.
pub(super) fn find(text: &[u8]) -> Vec<Hit> {
    let Some(prefixes) = PREFIXES.as_ref() else { return Vec::new() };
    let mut hits: Vec<Hit> = Vec::new();
    for found in prefixes.find_iter(text) {
        let Some(shape) = SHAPES.get(found.pattern().as_usize()) else { continue };
        let is_behind = hits.last().is_none_or(|hit: &Hit| hit.range.end <= found.start());
        if let Some(range) = shape.at(text, found.range()).filter(|_| is_behind) {
            hits.push(Hit { rule: shape.rule, range });
        }
    }
    hits
}

impl Shape {
    fn at(&self, text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
        let (alphabet, lengths) = match &self.body {
            Body::Special(look) => return look(text, prefix),
            Body::Of(alphabet, lengths) => (alphabet, lengths),
        };
        let body = run(text, prefix.end, *alphabet);
        let begins = !prefix
            .start
            .checked_sub(1)
            .and_then(|at| text.get(at))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
        let is_one =
            begins && lengths.contains(&body.len()) && value::is_random(text.get(body.clone())?);
        is_one.then_some(prefix.start..body.end)
    }
}

/// What follows of this alphabet; the end of a sentence is no part of it.
pub(super) fn run(text: &[u8], from: usize, alphabet: Alphabet) -> Range<usize> {
    let rest = text.get(from..).unwrap_or_default();
    let length = rest.iter().position(|byte| !alphabet(*byte)).unwrap_or(rest.len());
    let dots = rest[..length].iter().rev().take_while(|byte| **byte == b'.').count();
    from..from + length - dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefixes_make_a_searcher() {
        assert!(PREFIXES.is_some());
    }
}
