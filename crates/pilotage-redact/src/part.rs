//! What of a value is secret by itself: the whole, its lines, its scalars, the password in it.
//!
//! A key is printed line by line, a document field by field, a URL without its credentials. Each of
//! these parts is looked for on its own.

use serde_json::Value;
use zeroize::Zeroizing;

/// The shortest line of a longer value that is looked for by itself.
const SHORTEST_LINE: usize = 8;

/// A part, and which one it is, in words.
pub(crate) struct Part {
    /// Which one: `the value`, `line 3`, `/password`.
    pub(crate) place: String,
    /// The text of it, without white space around.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Part {
    fn new(place: String, bytes: &[u8]) -> Self {
        Self { place, bytes: Zeroizing::new(bytes.trim_ascii().to_vec()) }
    }
}

/// All parts of a value; the whole is the first.
pub(crate) fn parts(value: &[u8]) -> Vec<Part> {
    let mut parts = vec![Part::new("the value".into(), value)];
    match document(value) {
        Some(mut document) => {
            scalars(&document, "", &mut parts);
            wipe(&mut document);
        }
        None => parts.extend(lines(value)),
    }
    parts.extend(passwords(value).map(|found| Part::new("the password in it".into(), &found)));
    parts
}

fn document(value: &[u8]) -> Option<Value> {
    let first = value.trim_ascii().first()?;
    let may_be = matches!(first, b'{' | b'[');
    may_be.then(|| serde_json::from_slice(value).ok()).flatten()
}

/// The scalars of a document; booleans and null say nothing.
fn scalars(value: &Value, place: &str, parts: &mut Vec<Part>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => parts.push(Part::new(place.into(), number.to_string().as_bytes())),
        Value::String(text) => {
            parts.push(Part::new(place.into(), text.as_bytes()));
            parts.extend(passwords(text.as_bytes()).map(|found| Part::new(place.into(), &found)));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                scalars(item, &format!("{place}/{index}"), parts);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                scalars(field, &format!("{place}/{key}"), parts);
            }
        }
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => zeroize::Zeroize::zeroize(text),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The lines of a value that has several; the frame of a PEM block is no secret.
fn lines(value: &[u8]) -> impl Iterator<Item = Part> {
    let trimmed = value.trim_ascii();
    let is_one = !trimmed.contains(&b'\n');
    let lines = trimmed.split(|byte| *byte == b'\n').enumerate();
    let is_telling = |line: &[u8]| line.len() >= SHORTEST_LINE && !line.starts_with(b"-----");
    lines
        .map(|(index, line)| (index, line.trim_ascii()))
        .filter(move |(_, line)| !is_one && is_telling(line))
        .map(|(index, line)| Part::new(format!("line {}", index + 1), line))
}

/// The password of `scheme://user:password@host`: as it is meant, and as it is written where that
/// differs.
fn passwords(value: &[u8]) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let written = password(value).unwrap_or_default().as_bytes();
    let meant = decoded(written);
    let differs = meant.as_slice() != written;
    let written = differs.then(|| Zeroizing::new(written.to_vec()));
    core::iter::once(meant).chain(written).filter(|password| !password.is_empty())
}

fn password(value: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(value).ok()?;
    let (_, rest) = text.split_once("://")?;
    // A password may hold what ends the authority, where nobody has encoded it.
    let authority = rest.split(['/', '?', '#']).next().filter(|first| first.contains('@'));
    let (user, _) = authority.unwrap_or(rest).rsplit_once('@')?;
    let (user, password) = user.split_once(':')?;
    (!user.contains('/')).then_some(password)
}

fn decoded(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| after.split_at_checked(2)).flatten();
        let decoded = escaped.and_then(|(digits, after)| Some((hex(digits)?, after)));
        let (byte, after) = decoded.unwrap_or((*first, after));
        plain.push(byte);
        rest = after;
    }
    plain
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = core::str::from_utf8(digits).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Vec<(String, String)> {
        let text = |part: Part| String::from_utf8(part.bytes.to_vec()).expect("it is text");
        parts(value.as_bytes()).into_iter().map(|part| (part.place.clone(), text(part))).collect()
    }

    fn pair(place: &str, text: &str) -> (String, String) {
        (place.into(), text.into())
    }

    #[test]
    fn white_space_around_is_no_part_of_it() {
        assert_eq!(of(" \nvalue\r\n"), [pair("the value", "value")]);
    }

    #[test]
    fn a_key_is_secret_line_by_line_but_not_in_its_frame() {
        let key = "-----BEGIN KEY-----\r\nMIIEvQIBADAN\r\nshort\nAAAABBBB\n-----END KEY-----\n";
        let found = of(key);
        assert_eq!(found[1..], [pair("line 2", "MIIEvQIBADAN"), pair("line 4", "AAAABBBB")]);
    }

    #[test]
    fn a_document_is_secret_in_its_scalars_and_not_in_its_keys() {
        let found = of(r#"{"password": "a\"b", "ports": [5432, true], "none": null}"#);
        assert_eq!(found[1..], [pair("/password", "a\"b"), pair("/ports/0", "5432")]);
    }

    #[test]
    fn the_password_of_a_url_is_found_as_it_was_before_it_was_escaped() {
        let found = of("postgres://app:p%40ss%zzw@host:5432/db?x=y@z");
        let password = |text| pair("the password in it", text);
        assert_eq!(found[1..], [password("p@ss%zzw"), password("p%40ss%zzw")]);
        assert_eq!(of("mysql://u:a/b@c@host/db")[1..], [password("a/b@c")]);
        assert_eq!(of("https://host/path:with@sign").len(), 1);
    }
}
