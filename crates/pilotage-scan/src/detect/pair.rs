//! A name and the value that it is given, in whatever syntax: `K=v`, `k: v`, `"k": "v"`,
//! `--k v`, `<k>v</k>`, and `name: K` with `value: v` beside it.

use core::ops::Range;

/// How far behind its name a `value` is looked for.
const REACH: usize = 240;

/// A value and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) is_quoted: bool,
}

/// The name that this place is in.
pub(super) fn name_at(text: &[u8], at: usize) -> Range<usize> {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = text.get(..at).unwrap_or_default().iter().rev().take_while(is_name).count();
    let after = text.get(at..).unwrap_or_default().iter().take_while(is_name).count();
    at - before..at + after
}

/// What the name is given.
pub(super) fn value_of(text: &[u8], name: &Range<usize>) -> Option<Value> {
    let is_option = text.get(name.clone())?.starts_with(b"--");
    let at = skip(text, name.end, |byte| matches!(byte, b'"' | b'\'' | b']'));
    let spaced = skip(text, at, |byte| matches!(byte, b' ' | b'\t'));
    match separator(text, spaced) {
        Some(length) => literal(text, spaced + length),
        None if is_option && spaced > at => literal(text, spaced),
        None => beside(text, name.end),
    }
}

/// The length of what stands between a name and its value.
fn separator(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let has = |mark: &&&[u8]| rest.starts_with(mark);
    let marks: [&[u8]; 7] = [b":=", b"=>", b"?=", b"+=", b"=", b":", b">"];
    let is_comparison =
        rest.starts_with(b"==") || rest.starts_with(b"::") || rest.starts_with(b"=~");
    let mark = marks.iter().find(has).filter(|_| !is_comparison)?;
    Some(mark.len())
}

/// The literal that begins here, behind white space on the same line.
fn literal(text: &[u8], at: usize) -> Option<Value> {
    let start = skip(text, at, |byte| matches!(byte, b' ' | b'\t'));
    let escaped = text.get(start..)?.starts_with(b"\\\"");
    let start = start + usize::from(escaped);
    let rest = text.get(start..)?;
    match rest.split_first()? {
        (quote @ (b'"' | b'\'' | b'`'), rest) => quoted(rest, start + 1, *quote, escaped),
        _ => bare(rest, start),
    }
}

/// What stands before the same quote.
fn quoted(rest: &[u8], start: usize, quote: u8, escaped: bool) -> Option<Value> {
    let length = rest.iter().position(|byte| *byte == quote || *byte == b'\n')?;
    let is_escape = escaped && rest.get(..length)?.ends_with(b"\\");
    let range = start..start + length - usize::from(is_escape);
    Some(Value { range, is_quoted: true })
}

/// What stands before white space, without closing brackets.
fn bare(rest: &[u8], start: usize) -> Option<Value> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;<>&|".contains(byte);
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    let brackets = rest.get(..length)?.iter().rev().take_while(|byte| b")}]".contains(byte));
    let length = length - brackets.count();
    (length > 0).then(|| Value { range: start..start + length, is_quoted: false })
}

/// The `value` beside a `name` that is itself a value.
fn beside(text: &[u8], from: usize) -> Option<Value> {
    let rest = text.get(from..(from + REACH).min(text.len()))?;
    // The next name begins another pair, and so does the third line.
    let end = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1);
    let rest = rest.get(..end.map_or(rest.len(), |(end, _)| end))?;
    let lower = rest.to_ascii_lowercase();
    let at = lower.windows(5).position(|window| window == b"value")?;
    let is_own = !lower.get(..at)?.windows(4).any(|window| window == b"name");
    let name = name_at(text, from + at);
    let is_value = text.get(name.clone())?.eq_ignore_ascii_case(b"value");
    let end = skip(text, name.end, |byte| matches!(byte, b'"' | b'\'' | b' '));
    let length = separator(text, end).filter(|_| is_own && is_value)?;
    literal(text, end + length)
}

fn skip(text: &[u8], from: usize, what: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| what(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_every_syntax() {
        for text in [
            "KEY=v-1",
            "KEY='v-1'",
            "export KEY=\"v-1\"",
            "KEY: v-1",
            "\"KEY\": \"v-1\"",
            "KEY := \"v-1\"",
            "'KEY' => 'v-1'",
            "--KEY v-1",
            "--KEY=v-1",
            "<KEY>v-1</KEY>",
            "x[\"KEY\"] = \"v-1\"",
            "{\"name\": \"KEY\", \"value\": \"v-1\"}",
            "- name: KEY\n  value: v-1\n",
            "{\\\"KEY\\\": \\\"v-1\\\"}",
            "<add key=\"KEY\" value=\"v-1\" />",
            "Server=x;KEY=v-1;",
            "f(KEY=v-1)",
        ] {
            let at = text.find("KEY").expect("it is there");
            let text = text.replace("\\\"KEY\\\"", "\"KEY\"");
            let at = if text.starts_with("{\"KEY") { 2 } else { at };
            let name = name_at(text.as_bytes(), at);
            let value = value_of(text.as_bytes(), &name).map(|value| text[value.range].to_owned());
            assert_eq!(value.as_deref(), Some("v-1"), "{text}");
        }
    }

    #[test]
    fn what_is_no_assignment_has_no_value() {
        for text in [
            "KEY",
            "if KEY == other {",
            "- name: KEY\n  valueFrom:\n",
            "- name: KEY\n- name: B\n  value: v",
        ] {
            let name = name_at(text.as_bytes(), text.find("KEY").expect("it is there"));
            assert_eq!(value_of(text.as_bytes(), &name), None, "{text}");
        }
    }
}
