//! A name and the value that it is given, in whatever syntax: `K=v`, `k: v`, `"k": "v"`,
//! `k: type = "v"`, `set("k", "v")`, `--k v`, `<k>v</k>`, and `name: K` with `value: v` beside it.

use core::ops::Range;

/// How far behind its name a `value` is looked for, and how long an element may be.
const REACH: usize = 240;
const LONGEST: usize = 4096;

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Between marks: it is a literal.
    Quoted,
    /// As it is, with nothing behind it on its line: a literal of a file of settings, most likely.
    Bare,
    /// As it is, where a program would go on: it may be a name or a type.
    Expression,
}

/// A value and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) form: Form,
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
    let at = skip(text, name.end, |byte| matches!(byte, b'"' | b'\'' | b']' | b'\\'));
    let spaced = skip(text, at, is_space);
    let rest = text.get(spaced..)?;
    let before = text.get(..name.start)?;
    match separator(rest) {
        // Part of an ARN, or of a path of names.
        Some(_) if rest.starts_with(b":") && before.ends_with(b":") => None,
        Some(1) if rest.starts_with(b">") => element(text, spaced + 1),
        // A quote that stood before the name ends here: `"K=" + value`.
        Some(length) if before.last() == text.get(spaced + length) && ends_quote(before) => None,
        Some(length) => typed(text, spaced).or_else(|| literal(text, spaced + length)),
        None if rest.starts_with(b",") && is_argument(before, at > name.end) => {
            literal(text, spaced + 1).filter(|value| value.form == Form::Quoted)
        }
        None if spaced > at => typed(text, spaced)
            .or_else(|| is_option.then(|| literal(text, spaced))?)
            .or_else(|| beside(text, name.end)),
        None => beside(text, name.end),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn ends_quote(before: &[u8]) -> bool {
    before.last().is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'))
}

/// Whether a name is the first argument of a call, between quotes.
fn is_argument(before: &[u8], is_quoted: bool) -> bool {
    is_quoted && (before.ends_with(b"(\"") || before.ends_with(b"('"))
}

/// The length of what stands between a name and its value.
fn separator(rest: &[u8]) -> Option<usize> {
    let has = |mark: &&&[u8]| rest.starts_with(mark);
    let marks: [&[u8]; 11] =
        [b":::=", b"::=", b"||=", b":=", b"=>", b"?=", b"+=", b".=", b"=", b":", b">"];
    let mark = marks.iter().find(has)?;
    let is_comparison = [&b"=="[..], b"=~"].iter().any(|mark| rest.starts_with(mark));
    let is_path = rest.starts_with(b"::") && mark.len() == 1;
    (!is_comparison && !is_path).then_some(mark.len())
}

/// The literal behind a type and an equals sign: `: &'static str = "v"`, ` string = "v"`.
fn typed(text: &[u8], at: usize) -> Option<Value> {
    let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b"_.&'<>[]?*".contains(&byte);
    let has_colon = text.get(at)? == &b':';
    let start = skip(text, at + usize::from(has_colon), is_space);
    let end = skip(text, start, is_type);
    let mut equals = skip(text, end, is_space);
    if has_colon {
        equals = skip(text, skip(text, equals, is_type), is_space);
    }
    let is_one = end > start && equals > end && text.get(equals)? == &b'=';
    let is_comparison = text.get(equals + 1).is_some_and(|byte| b"=~>".contains(byte));
    (is_one && !is_comparison).then(|| literal(text, equals + 1))?
}

/// The literal that begins here, behind white space on the same line.
fn literal(text: &[u8], at: usize) -> Option<Value> {
    let start = skip(text, at, is_space);
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
    Some(Value { range, form: Form::Quoted })
}

/// What stands before white space, without closing brackets.
fn bare(rest: &[u8], start: usize) -> Option<Value> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;<>&|\\".contains(byte);
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    let brackets = rest.get(..length)?.iter().rev().take_while(|byte| b")}]".contains(byte));
    let length = length - brackets.count();
    let behind = rest.get(length..)?.trim_ascii_start();
    let goes_on = behind.first().is_some_and(|byte| b",;()[]{}>=|".contains(byte));
    let ends_line = rest.get(length).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    let form = if goes_on && !ends_line { Form::Expression } else { Form::Bare };
    (length > 0).then(|| Value { range: start..start + length, form })
}

/// What an element of XML holds; what else stands behind `>` is none.
fn element(text: &[u8], at: usize) -> Option<Value> {
    let rest = text.get(at..(at + LONGEST).min(text.len()))?;
    let end = rest.windows(2).position(|window| window == b"</")?;
    let content = rest.get(..end)?;
    let start = at + content.len() - content.trim_ascii_start().len();
    let range = start..start + content.trim_ascii().len();
    (!content.contains(&b'<') && !range.is_empty()).then_some(Value { range, form: Form::Quoted })
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
    let length = separator(text.get(end..)?).filter(|_| is_own && is_value)?;
    literal(text, end + length)
}

fn skip(text: &[u8], from: usize, what: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| what(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Value> {
        let name = name_at(text.as_bytes(), text.find("KEY").expect("it is there"));
        value_of(text.as_bytes(), &name)
    }

    #[test]
    fn values_are_found_in_every_syntax() {
        for text in [
            "KEY=v-1",
            "KEY='v-1'",
            "export KEY=\"v-1\"",
            "KEY: v-1",
            "\"KEY\": \"v-1\"",
            "KEY := \"v-1\"",
            "KEY ::= \"v-1\"",
            "$KEY .= \"v-1\"",
            "'KEY' => 'v-1'",
            "--KEY v-1",
            "--KEY=v-1",
            "<KEY>v-1</KEY>",
            "<KEY>\n  v-1\n</KEY>",
            "<string name=\"KEY\">v-1</string>",
            "x[\"KEY\"] = \"v-1\"",
            "{\"name\": \"KEY\", \"value\": \"v-1\"}",
            "- name: KEY\n  value: v-1\n",
            "{\\\"KEY\\\": \\\"v-1\\\"}",
            "{\"file\": \"KEY=v-1\\nOTHER=2\"}",
            "<add key=\"KEY\" value=\"v-1\" />",
            "Server=x;KEY=v-1;",
            "f(KEY=v-1)",
            "setProperty(\"KEY\", \"v-1\")",
            "const KEY: &'static str = \"v-1\";",
            "const KEY: string = 'v-1'",
            "var KEY string = \"v-1\"",
        ] {
            let found = value(text).map(|value| text[value.range].to_owned());
            assert_eq!(found.as_deref(), Some("v-1"), "{text}");
        }
    }

    #[test]
    fn what_is_no_assignment_has_no_value() {
        for text in [
            "KEY",
            "if KEY == other {",
            "- name: KEY\n  valueFrom:\n",
            "- name: KEY\n- name: B\n  value: v",
            "arn:aws:ssm:1:KEY:v",
            "\"A::B::KEY\": \"v\"",
            "List<KEY>(v)",
            "[\"KEY\", \"v\"]",
            "\"KEY=\" + value, \"v\"",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn where_a_program_goes_on_is_told() {
        for (text, form) in [
            ("KEY: v-1\n", Form::Bare),
            ("KEY=v-1", Form::Bare),
            ("KEY: v-1 # a key", Form::Bare),
            ("KEY: v-1,\n", Form::Expression),
            ("KEY = v-1;", Form::Expression),
            ("KEY = 'v-1'", Form::Quoted),
        ] {
            assert_eq!(value(text).map(|value| value.form), Some(form), "{text}");
        }
    }
}
