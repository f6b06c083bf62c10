//! What a source holds, and picking from it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::near::near;
use super::{Reference, Source, Undiscovered};

/// What a source holds, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values(BTreeMap<String, Given>);

/// What has a name in a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// A value that may be shown.
    Plain(Value),
    /// A value that may not be shown, and was not kept.
    Sensitive,
}

impl<N: Into<String>> FromIterator<(N, Given)> for Values {
    fn from_iter<I: IntoIterator<Item = (N, Given)>>(values: I) -> Self {
        Self(values.into_iter().map(|(name, given)| (name.into(), given)).collect())
    }
}

impl Values {
    /// The value that is meant, as text.
    pub fn pick(&self, reference: &Reference) -> Result<String, Undiscovered> {
        let (source, name) = (reference.source(), reference.name());
        match self.0.get(name) {
            Some(Given::Plain(value)) => inside(source, reference, value),
            Some(Given::Sensitive) => {
                Err(Undiscovered::Sensitive { source_of: source.clone(), name: name.into() })
            }
            None => Err(Undiscovered::NoValue {
                source_of: source.clone(),
                name: name.into(),
                near: near(name, self.0.keys().map(String::as_str)),
            }),
        }
    }
}

/// The text at the place inside of a value.
fn inside(source: &Source, reference: &Reference, value: &Value) -> Result<String, Undiscovered> {
    let unfit = |why: String| Undiscovered::Unfit {
        source_of: source.clone(),
        name: format!("{}{}", reference.name(), reference.pointer()),
        why,
    };
    match value.pointer(reference.pointer()) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(is_so)) => Ok(is_so.to_string()),
        Some(Value::Null) => Err(unfit("is null".into())),
        Some(Value::Array(items)) => {
            Err(unfit(format!("is a list of {}: name one of them, as in `/0`", items.len())))
        }
        Some(Value::Object(fields)) => {
            let names: Vec<&str> = fields.keys().map(String::as_str).collect();
            Err(unfit(format!("has parts ({}): name one of them, as in `/NAME`", names.join(", "))))
        }
        None => Err(unfit("is not there".into())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pick(name: &str) -> Result<String, String> {
        let plain = |value| Given::Plain(value);
        let values: Values = [
            ("text", plain(json!("x"))),
            ("number", plain(json!(7))),
            ("yes", plain(json!(true))),
            ("nothing", plain(json!(null))),
            ("list", plain(json!(["a", "b"]))),
            ("map", plain(json!({"arn": "y", "id": 1}))),
            ("password", Given::Sensitive),
        ]
        .into_iter()
        .collect();
        let reference: Reference = format!("tfstate:x#{name}").parse().expect(name);
        values.pick(&reference).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_text_is_picked_also_inside_of_lists_and_maps() {
        let picked =
            ["text", "number", "yes", "list/1", "map/arn"].map(|name| pick(name).expect(name));
        assert_eq!(picked, ["x", "7", "true", "b", "y"]);
    }

    #[test]
    fn what_is_no_text_says_what_it_is_and_what_to_do() {
        for (name, words) in [
            ("nothing", "`nothing` of the state `x` is null"),
            ("list", "is a list of 2: name one of them, as in `/0`"),
            ("map", "has parts (arn, id): name one of them"),
            ("list/2", "`list/2` of the state `x` is not there"),
            ("password", "sensitive"),
            ("tekst", "did you mean `text`"),
            ("zzz", "there is no `zzz` in the state `x`"),
        ] {
            let error = pick(name).expect_err(name);
            assert!(error.contains(words), "{error}");
        }
    }
}
