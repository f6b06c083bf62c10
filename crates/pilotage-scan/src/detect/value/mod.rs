//! Whether a value looks like a secret, and not like a reference, a placeholder, or a word.

mod code;
mod measure;
mod words;

pub(super) use measure::is_random;

use self::code::{
    is_code, is_number, is_one_word, is_path, is_snake, is_subject, is_uuid, is_words,
    is_wordy_name,
};
use self::measure::{classes, entropy, is_wordy};
use self::words::{PLACEHOLDERS, REFERENCES, WORDS};
use super::name::Promise;
use super::pair::Form;

/// Whether the value keeps what its name promises.
pub(super) fn keeps(promise: Promise, value: &[u8], form: Form) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_plain = is_elsewhere(text)
        || is_placeholder(text)
        || is_code(text, form == Form::Quoted)
        || is_number(text)
        || is_subject(text)
        || form == Form::Expression && is_wordy_name(text);
    !is_plain
        && match promise {
            Promise::Password => is_password(text),
            Promise::Key => is_key(value) || is_random_uuid(text),
        }
}

/// Whether a URL would really log in with this.
pub(super) fn is_password_of_url(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_form = |char: char| "{}<>[]()*$".contains(char);
    text.len() >= 6
        && !text.contains(is_form)
        && !is_elsewhere(text)
        && !is_placeholder(text)
        && !is_snake(text)
        && classes(text) >= 2
}

/// Whether a Secret manifest would really hold this, and it is no word.
pub(super) fn is_literal(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    text.len() >= 8 && !is_elsewhere(text) && !is_placeholder(text) && is_random(value)
}

/// Whether a machine may have made this up.
pub(super) fn is_key(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"()<>{}[],;'\"`|\\".contains(&byte);
    (16..=4096).contains(&text.len())
        && text.bytes().all(is_allowed)
        && !is_elsewhere(text)
        && !is_placeholder(text)
        && !is_words(text)
        && !is_wordy(text)
        && !is_uuid(text)
        && !is_path(text)
        && !text.contains("://")
        && (text.bytes().any(|byte| byte.is_ascii_digit()) || is_mixed(text))
        && entropy(text.as_bytes()) >= 3.0
        && is_random(value)
}

/// Some services give keys that are UUIDs; nobody's key is a sequence.
fn is_random_uuid(text: &str) -> bool {
    is_uuid(text) && is_random(text.as_bytes()) && entropy(text.as_bytes()) >= 3.0
}

/// Long and without a digit, but with capitals all over it.
fn is_mixed(text: &str) -> bool {
    let changes = text.as_bytes().windows(2);
    let changes =
        changes.filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.len() >= 20
        && changes.count() * 5 >= text.len()
}

/// Whether a person may have made this up to keep others out.
fn is_password(text: &str) -> bool {
    let is_short = !(8..=256).contains(&text.len());
    let is_known = is_path(text) || is_uuid(text) || is_one_word(text) || is_words(text);
    !is_short
        && !is_known
        && !text.chars().any(char::is_whitespace)
        && is_random(text.as_bytes())
        && (classes(text) >= 2 || text.len() >= 16)
}

fn is_elsewhere(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    REFERENCES.iter().any(|beginning| text.starts_with(beginning))
}

fn is_placeholder(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    PLACEHOLDERS.iter().any(|part| text.contains(part))
        || WORDS.contains(&letters.as_str()) && text.len() < 20
}
