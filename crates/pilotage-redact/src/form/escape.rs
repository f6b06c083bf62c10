//! Texts inside of other texts: JSON, shells, XML.

use zeroize::Zeroizing;

use super::Form;
use super::hex::{CASES, pair};

/// The most bytes that are written for one.
const LONGEST: usize = 6;

/// How one character is written; nothing for as it is.
type Rule = fn(char, &mut Vec<u8>) -> bool;

/// What every encoder of each language makes of the text; a value that is no text has none.
pub(super) fn forms(plain: &[u8]) -> Vec<Form> {
    let Ok(text) = core::str::from_utf8(plain) else { return Vec::new() };
    let rules: [Rule; 11] = [
        json,
        json_slash,
        json_ascii,
        json_html,
        quoted,
        single_quoted,
        double_quoted,
        bare,
        xml,
        xml_numbers,
        backslashed,
    ];
    let mut forms: Vec<Form> = rules.into_iter().map(|rule| escaped(text, rule)).collect();
    forms.push(upper_unicode(text));
    forms
}

fn escaped(text: &str, rule: Rule) -> Form {
    let mut form = Zeroizing::new(Vec::with_capacity(text.len() * LONGEST));
    for char in text.chars() {
        if !rule(char, &mut form) {
            form.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    form
}

/// Writes the text, if there is one, and says whether there was.
fn put(form: &mut Vec<u8>, text: Option<&str>) -> bool {
    text.is_some_and(|text| {
        form.extend_from_slice(text.as_bytes());
        true
    })
}

/// JSON as most write it.
fn json(char: char, form: &mut Vec<u8>) -> bool {
    let short = match char {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        '\u{8}' => Some("\\b"),
        '\u{c}' => Some("\\f"),
        _ => None,
    };
    put(form, short) || (char < ' ' && unicode(char, form, CASES[0]))
}

/// JSON as PHP writes it.
fn json_slash(char: char, form: &mut Vec<u8>) -> bool {
    put(form, (char == '/').then_some("\\/")) || json(char, form)
}

/// JSON as Python writes it: nothing but ASCII.
fn json_ascii(char: char, form: &mut Vec<u8>) -> bool {
    json(char, form) || (!char.is_ascii() && unicode(char, form, CASES[0]))
}

/// JSON as Go writes it: fit for HTML.
fn json_html(char: char, form: &mut Vec<u8>) -> bool {
    json(char, form) || (matches!(char, '<' | '>' | '&') && unicode(char, form, CASES[0]))
}

/// A string literal of most languages, and of `Debug` in Rust.
fn quoted(char: char, form: &mut Vec<u8>) -> bool {
    put(form, (char == '\'').then_some("\\'")) || json(char, form)
}

fn single_quoted(char: char, form: &mut Vec<u8>) -> bool {
    put(form, (char == '\'').then_some("'\\''"))
}

fn double_quoted(char: char, form: &mut Vec<u8>) -> bool {
    backslash_before(char, "\"\\$`", form)
}

/// A command line of Windows: only quotes.
fn bare(char: char, form: &mut Vec<u8>) -> bool {
    backslash_before(char, "\"", form)
}

/// A word of a shell without quotes.
fn backslashed(char: char, form: &mut Vec<u8>) -> bool {
    let is_special = char.is_ascii_punctuation() && !"-_./:=@%+,^".contains(char) || char == ' ';
    is_special && backslash_before(char, &char.to_string(), form)
}

fn backslash_before(char: char, special: &str, form: &mut Vec<u8>) -> bool {
    if special.contains(char) {
        form.push(b'\\');
    }
    false
}

fn xml(char: char, form: &mut Vec<u8>) -> bool {
    let entity = match char {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&apos;"),
        _ => None,
    };
    put(form, entity)
}

/// XML and HTML with numbers for quotes.
fn xml_numbers(char: char, form: &mut Vec<u8>) -> bool {
    let entity = match char {
        '"' => Some("&#34;"),
        '\'' => Some("&#39;"),
        _ => None,
    };
    put(form, entity) || xml(char, form)
}

/// JSON of nothing but ASCII, with digits in upper case.
fn upper_unicode(text: &str) -> Form {
    escaped(text, |char, form| {
        json(char, form) || (!char.is_ascii() && unicode(char, form, CASES[1]))
    })
}

fn unicode(char: char, form: &mut Vec<u8>, digits: &[u8; 16]) -> bool {
    for unit in char.encode_utf16(&mut [0; 2]) {
        form.extend_from_slice(b"\\u");
        unit.to_be_bytes().into_iter().for_each(|byte| form.extend(pair(byte, digits)));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writers_of_the_world_are_among_them() {
        let forms: Vec<String> = forms("a\"b'c/d\\e\n<ü😀 $".as_bytes())
            .into_iter()
            .map(|form| String::from_utf8(form.to_vec()).expect("it is text"))
            .collect();
        for expected in [
            "a\\\"b'c/d\\\\e\\n<ü😀 $",
            "a\\\"b'c\\/d\\\\e\\n<ü😀 $",
            "a\\\"b'c/d\\\\e\\n<\\u00fc\\ud83d\\ude00 $",
            "a\\\"b'c/d\\\\e\\n<\\u00FC\\uD83D\\uDE00 $",
            "a\\\"b'c/d\\\\e\\n\\u003cü😀 $",
            "a\"b'\\''c/d\\e\n<ü😀 $",
            "a\\\"b'c/d\\\\e\n<ü😀 \\$",
            "a&quot;b&apos;c/d\\e\n&lt;ü😀 $",
            "a&#34;b&#39;c/d\\e\n&lt;ü😀 $",
        ] {
            assert!(forms.iter().any(|form| form == expected), "{expected:?} in {forms:#?}");
        }
    }
}
