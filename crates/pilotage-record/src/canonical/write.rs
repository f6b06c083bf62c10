//! From a value to its one text.

use super::value::Value;

pub(super) fn to_bytes(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    write(&mut text, value);
    text.into_bytes()
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Whole(number) => out.push_str(&number.to_string()),
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            between(out, ['[', ']'], items, write);
        }
        Value::Object(entries) => between(out, ['{', '}'], entries, |out, (key, value)| {
            write_text(out, key);
            out.push(':');
            write(out, value);
        }),
    }
}

fn between<T>(out: &mut String, ends: [char; 2], items: &[T], one: impl Fn(&mut String, &T)) {
    let [open, close] = ends;
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        one(out, item);
    }
    out.push(close);
}

/// Escapes only what JSON forbids in a string, in the shortest form that there is.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            letter => out.push(letter),
        }
    }
    out.push('"');
}
