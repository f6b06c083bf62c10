//! Tokens that are known by their shape: a prefix that nothing else has, and a body of one alphabet.

use core::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Hit, special, value};
use crate::rule::{self, Rule};

/// How the rest of a token looks.
enum Body {
    /// This many characters of an alphabet, and not one more.
    Of(Alphabet, core::ops::RangeInclusive<usize>),
    /// Something that needs a look of its own: the range of the secret, if there is one.
    Special(fn(&[u8], Range<usize>) -> Option<Range<usize>>),
}

/// The characters of a body.
type Alphabet = fn(u8) -> bool;

/// A shape of a token.
struct Shape {
    rule: &'static Rule,
    prefix: &'static str,
    body: Body,
}

const fn of(
    rule: &'static Rule,
    prefix: &'static str,
    alphabet: Alphabet,
    least: usize,
    most: usize,
) -> Shape {
    Shape { rule, prefix, body: Body::Of(alphabet, least..=most) }
}

const fn special(
    rule: &'static Rule,
    prefix: &'static str,
    look: fn(&[u8], Range<usize>) -> Option<Range<usize>>,
) -> Shape {
    Shape { rule, prefix, body: Body::Special(look) }
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

fn hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn dotted(byte: u8) -> bool {
    word(byte) || byte == b'.'
}

fn path(byte: u8) -> bool {
    word(byte) || byte == b'/'
}

/// The shapes. Prefixes are cut in two here, so that no scanner takes this file for a leak.
const SHAPES: &[Shape] = &[
    of(&rule::AWS_KEY, concat!("AK", "IA"), base32, 16, 16),
    of(&rule::AWS_KEY, concat!("AS", "IA"), base32, 16, 16),
    of(&rule::FORGE_TOKEN, concat!("gh", "p_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "o_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "u_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "s_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("gh", "r_"), alphanumeric, 36, 76),
    of(&rule::FORGE_TOKEN, concat!("github", "_pat_"), word, 36, 120),
    of(&rule::FORGE_TOKEN, concat!("gl", "pat-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "dt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("gl", "rt-"), dotted, 20, 60),
    of(&rule::FORGE_TOKEN, concat!("npm", "_"), alphanumeric, 36, 36),
    of(&rule::FORGE_TOKEN, concat!("pypi", "-AgE"), word, 50, 400),
    of(&rule::FORGE_TOKEN, concat!("dckr", "_pat_"), word, 27, 36),
    of(&rule::FORGE_TOKEN, concat!("rubygems", "_"), hex, 48, 48),
    of(&rule::API_TOKEN, concat!("xox", "b-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "p-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xox", "a-"), word, 24, 90),
    of(&rule::API_TOKEN, concat!("xapp", "-1-"), word, 40, 130),
    of(&rule::API_TOKEN, concat!("sk_", "live_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("rk_", "live_"), alphanumeric, 20, 120),
    of(&rule::API_TOKEN, concat!("wh", "sec_"), alphanumeric, 24, 64),
    of(&rule::API_TOKEN, concat!("AI", "za"), word, 35, 35),
    of(&rule::API_TOKEN, concat!("SG", "."), dotted, 60, 70),
    of(&rule::API_TOKEN, concat!("sk-", "ant-"), word, 40, 140),
    of(&rule::API_TOKEN, concat!("sk-", "proj-"), word, 40, 200),
    of(&rule::API_TOKEN, concat!("dop", "_v1_"), hex, 64, 64),
    of(&rule::API_TOKEN, concat!("hv", "s."), word, 24, 140),
    of(&rule::API_TOKEN, concat!("hv", "b."), word, 90, 300),
    of(&rule::API_TOKEN, concat!("da", "pi"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("shp", "at_"), hex, 32, 32),
    of(&rule::API_TOKEN, concat!("NR", "AK-"), upper, 27, 27),
    of(&rule::API_TOKEN, concat!("gls", "a_"), word, 40, 60),
    of(&rule::API_TOKEN, concat!("AGE-SECRET", "-KEY-1"), upper, 58, 58),
    of(&rule::API_TOKEN, concat!("PM", "AK-"), word, 59, 59),
    of(&rule::CHAT_WEBHOOK, "hooks.slack.com/services/", path, 30, 80),
    of(&rule::CHAT_WEBHOOK, "discord.com/api/webhooks/", path, 60, 120),
    special(&rule::AZURE_KEY, "Q~", special::client_secret),
    special(&rule::AZURE_KEY, "sig=", special::shared_access),
    special(&rule::JWT, "eyJ", special::jwt),
    special(&rule::PRIVATE_KEY, "-----BEGIN ", special::private_key),
    special(&rule::URL_PASSWORD, "://", special::url_password),
    special(&rule::AUTHORIZATION, "Bearer ", special::bearer),
    special(&rule::AUTHORIZATION, "bearer ", special::bearer),
    special(&rule::AUTHORIZATION, "Basic ", special::basic),
];

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
            .is_some_and(|byte| word(*byte));
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
