//! The wire of the load balancer: forms come in, XML goes out.

use serde_json::{Map, Value};

use super::super::answer::Answer;

/// A form as the tree that its names spell, and what it asks for.
pub(in super::super) fn read(form: &str) -> Option<(String, Value)> {
    let mut fields = Map::new();
    for (name, value) in form.split('&').filter_map(|pair| pair.split_once('=')) {
        let (name, value) = (decoded(name), decoded(value));
        let path: Vec<&str> = name.split('.').collect();
        plant(&mut fields, &path, value);
    }
    fields.remove("Version")?;
    let action = fields.remove("Action")?.as_str()?.to_owned();
    Some((action, lists(Value::Object(fields))))
}

fn plant(fields: &mut Map<String, Value>, path: &[&str], value: String) {
    match path {
        [] => {}
        [last] => {
            fields.insert((*last).into(), Value::String(value));
        }
        [first, rest @ ..] => {
            let next = fields.entry(*first).or_insert_with(|| Value::Object(Map::new()));
            if let Some(next) = next.as_object_mut() {
                plant(next, rest, value);
            }
        }
    }
}

/// `member.1`, `member.2` and so on are a list.
fn lists(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    if let Some(Value::Object(members)) = fields.remove("member") {
        let mut members: Vec<(usize, Value)> = members
            .into_iter()
            .filter_map(|(place, member)| Some((place.parse().ok()?, lists(member))))
            .collect();
        members.sort_by_key(|(place, _)| *place);
        return members.into_iter().map(|(_, member)| member).collect();
    }
    fields.into_iter().map(|(name, value)| (name, lists(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An answer, or why there is none.
pub(in super::super) fn written(action: &str, answer: &Answer) -> String {
    if answer.status == 200 {
        let body = xml(&answer.body);
        return format!(
            "<{action}Response><{action}Result>{body}</{action}Result></{action}Response>"
        );
    }
    let told = |name: &str| answer.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = match told("__type") {
        "ThrottlingException" => "Throttling",
        "ExpiredTokenException" => "ExpiredToken",
        "AccessDeniedException" => "AccessDenied",
        other => other,
    };
    let (code, said) = (escaped(code), escaped(told("message")));
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{said}</Message>\
         </Error><RequestId>request-7</RequestId></ErrorResponse>"
    )
}

fn xml(value: &Value) -> String {
    let element =
        |(name, value): (&str, &Value)| ["<", name, ">", &xml(value), "</", name, ">"].concat();
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| element((name, value))).collect()
        }
        Value::Array(members) => members.iter().map(|member| element(("member", member))).collect(),
        Value::String(text) => escaped(text),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
