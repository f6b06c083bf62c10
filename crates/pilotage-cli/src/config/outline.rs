//! One table of an environment, in a file that may say nothing else.
//!
//! Whoever wants secrets or migrations alone needs no strategy and no target. Every key is known all
//! the same, so that a typo is found by whichever program comes first.

use std::collections::BTreeMap;
use std::path::Path;

use pilotage_config::{Document, Entry, Fault, Node, Value};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::error::ConfigError;

/// The whole file, as one reads it who wants one table of an environment: every key is known, and
/// none but `env` is needed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    #[serde(rename = "service")]
    _service: Option<IgnoredAny>,
    env: BTreeMap<String, Room>,
}

/// One environment of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the keys are known is all that is wanted of them")]
struct Room {
    target: Option<IgnoredAny>,
    artifact: Option<IgnoredAny>,
    secrets: Option<IgnoredAny>,
    reader: Option<IgnoredAny>,
    size: Option<IgnoredAny>,
    strategy: Option<IgnoredAny>,
    rollback: Option<IgnoredAny>,
    health: Option<IgnoredAny>,
    judge: Option<IgnoredAny>,
    checks: Option<IgnoredAny>,
    notify: Option<IgnoredAny>,
    limits: Option<IgnoredAny>,
    migration: Option<IgnoredAny>,
    keep: Option<IgnoredAny>,
    plan_valid_for: Option<IgnoredAny>,
}

/// A file whose keys are all known.
pub(super) struct Outline {
    document: Document,
    known: Vec<String>,
}

impl Outline {
    pub(super) fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::of(Document::load(path)?)
    }

    pub(super) fn of(document: Document) -> Result<Self, ConfigError> {
        let shape = shape(document.root()).map_err(|fault| document.wrong(fault))?;
        Ok(Self { document, known: shape.env.into_keys().collect() })
    }

    /// The name of the environment that is meant; if there is only one, nobody needs to name it.
    pub(super) fn choose<'b>(&'b self, name: Option<&'b str>) -> Result<&'b str, ConfigError> {
        let (path, known) = (|| self.document.path().into(), || self.known.clone());
        match (name, self.known.as_slice()) {
            (Some(name), all) if all.iter().any(|one| one == name) => Ok(name),
            (Some(name), _) => Err(ConfigError::NoSuchEnvironment {
                path: path(),
                name: name.into(),
                known: known(),
            }),
            (None, [only]) => Ok(only),
            (None, _) => Err(ConfigError::NoneChosen { path: path(), known: known() }),
        }
    }

    /// The whole file.
    pub(super) const fn tree(&self) -> &Node {
        self.document.root()
    }

    /// A table of an environment.
    pub(super) fn table(&self, environment: &str, table: &str) -> Option<&Node> {
        self.tree().nearest(&["env", environment]).get(table)
    }

    /// A fault in a table of an environment, with its place.
    pub(super) fn wrong(&self, environment: &str, table: &str, fault: Fault) -> ConfigError {
        self.fault(fault.under(table).under(environment).under("env"))
    }

    /// A fault whose whole path is known.
    pub(super) fn fault(&self, fault: Fault) -> ConfigError {
        self.document.wrong(fault).into()
    }
}

/// Reads the outline, after it is certain that every table is one.
fn shape(tree: &Node) -> Result<Shape, Fault> {
    if let Some(env) = tree.get("env") {
        let rooms = tables(env, "environments").map_err(|fault| fault.under("env"))?;
        for room in rooms {
            let inner = tables(&room.node, "settings");
            inner.map_err(|fault| fault.under(&room.key).under("env"))?;
        }
    }
    tree.decode()
}

/// The entries of what must be a table.
pub(super) fn tables<'a>(node: &'a Node, of: &str) -> Result<&'a [Entry], Fault> {
    match &node.value {
        Value::Table(entries) => Ok(entries),
        _ => Err(Fault::new(format!("expected a table of {of}")).within(node)),
    }
}
