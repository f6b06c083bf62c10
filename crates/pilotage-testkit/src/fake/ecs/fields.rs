//! The fields of a request: those that are known, and none else.

use serde_json::{Map, Value};

use super::answer::Refusal;

/// The fields of a request.
#[derive(Debug)]
pub(super) struct Fields<'b>(&'b Map<String, Value>);

impl<'b> Fields<'b> {
    /// The body, which may have these fields.
    pub(super) fn of(body: &'b Value, known: &[&str]) -> Result<Self, Refusal> {
        let Some(body) = body.as_object() else {
            return Err(Refusal::new("SerializationException", "the body is no object"));
        };
        match body.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => {
                let message = format!("the fake knows no field `{unknown}`");
                Err(Refusal::new("SerializationException", message))
            }
            None => Ok(Self(body)),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'b Value> {
        self.0.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&'b str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn need(&self, name: &str) -> Result<&'b str, Refusal> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::invalid(format!("{name} cannot be blank or null.")))
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.0.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn has(&self, list: &str, word: &str) -> bool {
        let words = self.0.get(list).and_then(Value::as_array);
        words.is_some_and(|words| words.iter().any(|found| found == word))
    }

    /// A list of one to so many texts.
    pub(super) fn list(&self, name: &str, most: usize) -> Result<Vec<&'b str>, Refusal> {
        let list = self.0.get(name).and_then(Value::as_array);
        let texts: Vec<&str> = list.into_iter().flatten().filter_map(Value::as_str).collect();
        if texts.is_empty() {
            return Err(Refusal::invalid(format!("{name} cannot be empty.")));
        }
        if texts.len() > most {
            let message = format!("{name} may have {most} entries at most.");
            return Err(Refusal::invalid(message));
        }
        Ok(texts)
    }
}

/// A part of a list, and the token of the next.
pub(super) fn page<T: Clone>(
    all: &[T],
    fields: &Fields<'_>,
    most: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let wanted = fields.number("maxResults").unwrap_or(most);
    if !(1..=most).contains(&wanted) {
        return Err(Refusal::invalid(format!("maxResults must be between 1 and {most}.")));
    }
    let begin = match fields.text("nextToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Refusal::invalid("Invalid token"))?,
    };
    let rest = all.get(begin..).unwrap_or_default();
    let next = (rest.len() > wanted).then(|| format!("page-{}", begin + wanted));
    Ok((rest.iter().take(wanted).cloned().collect(), next))
}
