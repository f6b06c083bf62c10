//! Names that sound secret, and what they are given.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::name::{Promise, promise};
use super::pair::Form;
use super::{Hit, pair, value};
use crate::rule;

/// What a name that promises a secret has in it.
const WORDS: &[&str] = &["pass", "pwd", "secret", "token", "key", "credential"];

/// The longest name that is one.
const LONGEST_NAME: usize = 100;

/// Finds the words; nothing, should they not make a searcher, which a test rules out.
static SEARCHER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS).ok());

/// All values that keep what their names promise.
pub(super) fn find(text: &[u8]) -> Vec<Hit> {
    let Some(searcher) = SEARCHER.as_ref() else { return Vec::new() };
    let mut hits: Vec<Hit> = Vec::new();
    let mut behind = 0;
    for found in searcher.find_iter(text) {
        if found.start() < behind {
            continue;
        }
        let name = pair::name_at(text, found.start());
        behind = name.end;
        hits.extend(hit(text, &name).filter(|hit| hits.last().is_none_or(|last| last != hit)));
    }
    hits
}

fn hit(text: &[u8], name: &core::ops::Range<usize>) -> Option<Hit> {
    let said = core::str::from_utf8(text.get(name.clone())?).ok()?;
    let promise = promise(said).filter(|_| said.len() <= LONGEST_NAME)?;
    let found = pair::value_of(text, name)?;
    let literal = text.get(found.range.clone())?;
    let keeps = !repeats(said, literal, found.form) && value::keeps(promise, literal, found.form);
    let rule = match promise {
        Promise::Password => &rule::PASSWORD,
        Promise::Key if said.to_ascii_lowercase().contains("accountkey") => &rule::AZURE_KEY,
        Promise::Key => &rule::SECRET,
    };
    keeps.then_some(Hit { rule, range: found.range })
}

/// Whether the value is the name again, or a part of it, or, without quotes, goes on from it.
fn repeats(name: &str, value: &[u8], form: Form) -> bool {
    let plain = |text: &[u8]| -> Vec<u8> {
        let letters = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
        letters.map(u8::to_ascii_lowercase).collect()
    };
    let (name, value) = (plain(name.as_bytes()), plain(value));
    let has = |text: &[u8], part: &[u8]| text.windows(part.len().max(1)).any(|it| it == part);
    has(&name, &value) || form != Form::Quoted && has(&value, &name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_make_a_searcher() {
        assert!(SEARCHER.is_some());
    }
}
