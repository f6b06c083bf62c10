//! A policy document of IAM.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A policy document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The version of the language.
    #[serde(rename = "Version", default)]
    pub version: String,
    /// The statements.
    #[serde(rename = "Statement", deserialize_with = "one_or_many")]
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statement {
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sid: String,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Which actions.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub action: Vec<String>,
    /// All actions but these, if no actions are named.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub not_action: Vec<String>,
    /// On what.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
    /// On all but these, if nothing is named.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub not_resource: Vec<String>,
    /// By operator and key, what must hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, Values>>,
}

/// One or several values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(#[serde(deserialize_with = "one_or_many")] pub Vec<String>);

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// A text that is no policy document. It is not quoted, for it may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no policy document that can be compared: see line {line}, column {column}")]
pub struct BadDocument {
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for BadDocument {
    fn from(error: serde_json::Error) -> Self {
        Self { line: error.line(), column: error.column() }
    }
}

impl Document {
    /// A document of these statements.
    pub fn new(statements: Vec<Statement>) -> Self {
        Self { version: "2012-10-17".into(), statements }
    }

    /// Reads JSON.
    pub fn parse(text: &str) -> Result<Self, BadDocument> {
        Ok(serde_json::from_str(text)?)
    }

    /// As JSON, to be read by people.
    pub fn to_json(&self) -> Result<String, BadDocument> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}

impl Statement {
    pub(super) fn allow(sid: &str, action: Vec<String>, resource: Vec<String>) -> Self {
        Self {
            sid: sid.into(),
            effect: Effect::Allow,
            action,
            not_action: Vec::new(),
            resource,
            not_resource: Vec::new(),
            condition: BTreeMap::new(),
        }
    }

    pub(super) fn when(mut self, operator: &str, key: &str, values: Vec<String>) -> Self {
        self.condition.entry(operator.into()).or_default().insert(key.into(), Values(values));
        self
    }
}

fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(many) => many,
        OneOrMany::One(one) => vec![one],
    })
}
