//! What a value may be instead of a literal: an expression, a name, a path, an id.

use super::measure::is_wordy;
use super::words::SUBJECTS;

/// An expression of a programming language.
pub(super) fn is_code(text: &str, is_quoted: bool) -> bool {
    let is_call = text.contains('(') || text.contains("::") || text.contains("->");
    let is_path = is_path_of_names(text);
    !is_quoted && (is_call || is_path || is_snake(text) || is_element(text))
        || is_path && text.split('.').count() >= 3
}

/// `2150859079u32`, `-0x4000_000D`, `2016-09-08T21:47:36Z`: a number with its type, or a time.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches('-');
    let hexadecimal = digits.strip_prefix("0x").is_some_and(|rest| {
        rest.bytes().all(|byte| byte.is_ascii_hexdigit() || b"_ui".contains(&byte))
    });
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let behind = digits.get(count..).unwrap_or_default();
    let has_type = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "usize", "f64", "L"];
    let is_time = count == 4 && behind.starts_with('-') && behind.get(3..4) == Some("-");
    hexadecimal || is_time || count > 0 && (behind.is_empty() || has_type.contains(&behind))
}

/// `request.user.token`, `ed25519.PrivateKey`: names with dots between them.
fn is_path_of_names(text: &str) -> bool {
    let is_name = |char: char| char.is_ascii_alphanumeric() || "_.[]?&".contains(char);
    let first = text.chars().next();
    let starts = first.is_some_and(|char| char.is_ascii_lowercase()) || is_wordy(text);
    let few_digits = |part: &str| part.chars().filter(char::is_ascii_digit).count() <= 1;
    text.contains('.')
        && starts
        && text.chars().all(is_name)
        && text.split('.').all(|part| !part.is_empty() && (few_digits(part) || is_wordy(part)))
}

/// `new_password`, `C.NL80211_DIALOG_TOKEN`.
pub(super) fn is_snake(text: &str) -> bool {
    let is_one = text.chars().all(|char| char.is_ascii_alphabetic() || char == '_');
    let is_upper =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_.".contains(&byte);
    let is_constant = text.matches('_').count() >= 2 && text.bytes().all(is_upper);
    text.contains('_') && is_one || is_constant
}

/// `Optional[Token`, `users[0`: a name before a bracket.
fn is_element(text: &str) -> bool {
    text.split_once('[').is_some_and(|(name, _)| is_name(name))
}

/// Whether this can be the name of a thing in a program, and reads like one.
pub(super) fn is_wordy_name(text: &str) -> bool {
    is_name(text) && is_wordy(text)
}

/// `HTTPPasswordMgr`, `challengePassword`: the name of a thing that handles secrets.
pub(super) fn is_subject(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_wordy_name(text)
        && !text.bytes().any(|byte| byte.is_ascii_digit())
        && SUBJECTS.iter().any(|subject| lower.contains(subject))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
}

/// Words with something between them, like the name of a secret.
pub(super) fn is_words(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|char: char| !char.is_ascii_alphanumeric()).collect();
    let is_word = |part: &&str| {
        let (letters, digits) =
            part.split_at(part.trim_end_matches(|char: char| char.is_ascii_digit()).len());
        digits.len() <= 4
            && (letters.bytes().all(|byte| byte.is_ascii_lowercase())
                || letters.bytes().all(|byte| byte.is_ascii_uppercase())
                || letters.bytes().skip(1).all(|byte| byte.is_ascii_lowercase()))
            && part.len() <= 14
    };
    parts.len() >= 2 && parts.iter().all(is_word)
}

/// One word, as it stands in a sentence.
pub(super) fn is_one_word(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        && text.len() < 16
}

pub(super) fn is_path(text: &str) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || b"/_.-0123456789".contains(&byte);
    text.contains('/')
        && text.bytes().all(is_lower)
        && text.split('/').any(|part| {
            part.len() > 2 && part.bytes().all(|b| b.is_ascii_lowercase() || b"_-.".contains(&b))
        })
}

pub(super) fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
