//! The parsed file as a tree in which every value knows its place.

use core::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Fault;

/// A place in the file, in bytes.
pub type Place = Range<usize>;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands in the file.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What TOML can hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text in quotes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date, a time of day or both, as it is written.
    Time(String),
    /// A list.
    Array(Vec<Node>),
    /// Keys with values, in the order of the file.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands in the file.
    pub place: Place,
    /// The value.
    pub node: Node,
}

impl Node {
    /// Parses a whole file.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let table = DeTable::parse(text).map_err(|error| syntax(&error, text))?;
        let place = table.span();
        Ok(Self { place, value: entries(table.into_inner())? })
    }

    /// Reads it as a value of this type.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        T::deserialize(self).map_err(|fault| fault.within(self))
    }

    /// What is under this key; `[0]` is the key of the first item of a list.
    pub fn get(&self, key: &str) -> Option<&Self> {
        if let Value::Array(items) = &self.value {
            let index = key.strip_prefix('[')?.strip_suffix(']')?;
            return items.get(index.parse::<usize>().ok()?);
        }
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// What is under this path of keys, or else the last that there is on the way to it.
    pub fn nearest(&self, path: &[&str]) -> &Self {
        path.iter()
            .try_fold(self, |node, key| node.get(key).ok_or(node))
            .unwrap_or_else(|node| node)
    }

    /// The same table without this key.
    pub fn without(&self, key: &str) -> Self {
        let kept = self.entries().iter().filter(|entry| entry.key != key).cloned();
        Self { place: self.place.clone(), value: Value::Table(kept.collect()) }
    }

    /// The entries of a table; none if it is no table.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }
}

fn syntax(error: &toml::de::Error, text: &str) -> Fault {
    // An error without a place is one about the file as a whole.
    let place = error.span().unwrap_or(0..0);
    let line = text.get(..place.start).map_or(1, |before| before.lines().count().max(1));
    let what = format!("this is not TOML: {}", error.message().trim_end().replace('\n', ", "));
    Fault::new(what).with_help(format!("correct line {line} or the one before it")).at(&place)
}

fn entries(table: DeTable<'_>) -> Result<Value, Fault> {
    let entry = |(key, value): (Spanned<_>, _)| {
        let place = key.span();
        let key: std::borrow::Cow<'_, str> = key.into_inner();
        Ok(Entry { key: key.into_owned(), place, node: node(value)? })
    };
    let mut entries = table.into_iter().map(entry).collect::<Result<Vec<_>, Fault>>()?;
    // In the order of the file, so that of several faults the first is told.
    entries.sort_by_key(|entry| entry.place.start);
    Ok(Value::Table(entries))
}

fn node(value: Spanned<DeValue<'_>>) -> Result<Node, Fault> {
    let place = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            Value::Integer(parsed.map_err(|_| unreadable("whole number", &place))?)
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().parse();
            Value::Float(parsed.map_err(|_| unreadable("number", &place))?)
        }
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(time) => Value::Time(time.to_string()),
        DeValue::Array(items) => {
            Value::Array(items.into_iter().map(node).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => entries(table)?,
    };
    Ok(Node { place, value })
}

fn unreadable(kind: &str, place: &Place) -> Fault {
    Fault::new(format!("this {kind} is out of range")).at(place)
}
