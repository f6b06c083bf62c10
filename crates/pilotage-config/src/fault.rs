//! What is wrong in the file, before it is known which file that is.

use core::fmt::{self, Display, Formatter};

use serde::de::{Error, Expected, Unexpected};

use crate::suggest::advice;
use crate::{Node, Place};

/// What is wrong, where, and what helps.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    what: String,
    help: Option<String>,
    place: Option<Place>,
    /// From the outermost key to the innermost.
    path: Vec<String>,
    /// The key that is not known, where that is the fault.
    unknown: Option<String>,
}

impl Fault {
    /// This is wrong; where, will turn out.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None, place: None, path: Vec::new(), unknown: None }
    }

    /// The words of an error and of everything that it was caused by.
    pub fn of(error: &dyn core::error::Error) -> Self {
        let causes = core::iter::successors(Some(error), |error| error.source());
        Self::new(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }

    /// Says what helps.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Gives it a place, unless a closer one is known.
    #[must_use]
    pub fn at(self, place: &Place) -> Self {
        Self { place: self.place.or_else(|| Some(place.clone())), ..self }
    }

    /// Gives it the place of a value; an unknown key is looked for in it.
    #[must_use]
    pub fn within(self, node: &Node) -> Self {
        let named = self.unknown.as_ref();
        let entry = named.and_then(|key| node.entries().iter().find(|entry| entry.key == *key));
        let place = entry.map_or(&node.place, |entry| &entry.place).clone();
        self.at(&place)
    }

    /// Says under which key it is.
    #[must_use]
    pub fn under(mut self, key: impl Into<String>) -> Self {
        self.path.insert(0, key.into());
        self
    }

    /// What helps, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Its own place, where it has one.
    pub const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The keys that it is under, from the outermost to the innermost.
    pub fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The whole key, as a person writes it: `env.prod.strategy.canary.steps[0]`.
    pub fn key(&self) -> String {
        let mut key = String::new();
        for part in &self.path {
            if !key.is_empty() && !part.starts_with('[') {
                key.push('.');
            }
            key.push_str(part);
        }
        key
    }
}

impl Error for Fault {
    fn custom<T: Display>(what: T) -> Self {
        Self::new(what.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {}, found {}", wanted(expected), in_toml(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {}, found {}", wanted(expected), in_toml(found)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self {
            unknown: Some(variant.into()),
            ..Self::new(format!("`{variant}` is not known here"))
                .with_help(advice(variant, expected))
        }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self {
            unknown: Some(field.into()),
            ..Self::new(format!("unknown key `{field}`")).with_help(advice(field, expected))
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the key `{field}` is missing")).with_help(format!("add `{field} = …`"))
    }
}

/// In the words of the file's language instead of the programming language's.
fn in_toml(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Map => "a table".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Str(text) => format!("the text {text:?}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Bool(value) => format!("`{value}`"),
        other => other.to_string(),
    }
}

/// What was expected, in the words of the file's language.
fn wanted(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "u8" => "a whole number from 0 to 255".into(),
        "u16" => "a whole number from 0 to 65535".into(),
        "u32" | "u64" | "usize" => "a whole number of 0 or more".into(),
        "a nonzero u32" => "a whole number of 1 or more".into(),
        "f64" => "a number".into(),
        "a string" => "a text in quotes".into(),
        "a sequence" => "a list".into(),
        "a map" => "a table".into(),
        "a boolean" => "`true` or `false`".into(),
        other if other.starts_with("struct ") => "a table".into(),
        other if other.starts_with("enum ") => "one of the known names".into(),
        other => other.into(),
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl core::error::Error for Fault {}
