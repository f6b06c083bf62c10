//! `pilotage.toml`: one file for a repository, one table for an environment.
//!
//! Guarantees: a key that is not known is an error with a suggestion; each error names file, line,
//! column and key, and says what helps; what contradicts itself is refused before anything is
//! asked of a target. The tables `target` and `artifact` belong to the kind of target: they are
//! read by the types of its program, with the same quality of errors.
//!
//! It deliberately has no includes, no variables and no inheritance: what is deployed is what one
//! reads.

mod check;
mod decode;
mod environment;
mod error;
mod fault;
mod file;
mod gates;
mod migration;
mod node;
mod outward;
mod quantity;
mod receiver;
pub(crate) mod schema;
mod secrets;
mod strategy;
mod suggest;

use std::path::{Path, PathBuf};

use pilotage_secrets::manifest::Manifest;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use fault::Fault;
use node::{Node, Value};

pub use check::{Check, Deed};
pub use environment::Environment;
pub use error::{ConfigError, LARGEST, Wrong};
pub use migration::{LeasePlace, Migration};
pub use receiver::{Receiver, ReceiverKind};
pub use secrets::Secrets;

/// A configuration that was read and checked, but for the tables that belong to the target.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    text: String,
    tree: Node,
    service: String,
    environments: Vec<(String, Environment)>,
}

/// One environment of a configuration.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    config: &'a Config,
    name: &'a str,
    environment: &'a Environment,
}

impl Config {
    /// Reads and checks a file, and no more of it than anybody would write.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(path, text_of(path)?)
    }

    /// Reads and checks the text of a file.
    pub fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        let wrong = |fault: &Fault| ConfigError::Wrong(Box::new(Wrong::new(path, &text, fault)));
        let tree = Node::parse(&text).map_err(|fault| wrong(&fault))?;
        let (service, environments) = check(&tree).map_err(|fault| wrong(&fault))?;
        Ok(Self { path: path.into(), text, tree, service, environments })
    }

    /// Chooses an environment; if there is only one, nobody needs to name it.
    pub fn choose(&self, name: Option<&str>) -> Result<Chosen<'_>, ConfigError> {
        let known = || self.environments.iter().map(|(name, _)| name.clone()).collect();
        let path = || self.path.clone();
        let found = match (name, self.environments.as_slice()) {
            (None, [only]) => only,
            (None, _) => return Err(ConfigError::NoneChosen { path: path(), known: known() }),
            (Some(name), all) => all.iter().find(|(known, _)| known == name).ok_or_else(|| {
                ConfigError::NoSuchEnvironment { path: path(), name: name.into(), known: known() }
            })?,
        };
        Ok(Chosen { config: self, name: &found.0, environment: &found.1 })
    }
}

impl<'a> Chosen<'a> {
    /// The name of the environment.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The name of the target: that of the service and that of the environment.
    pub fn target_name(&self) -> String {
        format!("{}-{}", self.config.service, self.name)
    }

    /// How it is deployed to.
    pub const fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// The table of the target, which must be of this kind.
    pub fn target<T: DeserializeOwned>(&self, kind: &str) -> Result<T, ConfigError> {
        self.read("target", |node| of_kind(node, kind)?.decode())
    }

    /// The table of the artifact, if there is one.
    pub fn artifact<T: DeserializeOwned>(&self) -> Result<Option<T>, ConfigError> {
        let env = self.config.tree.nearest(&["env", self.name]);
        match env.get("artifact") {
            Some(_) => self.read("artifact", Node::decode).map(Some),
            None => Ok(None),
        }
    }

    /// What its components need of secrets.
    pub(crate) fn secrets(&self) -> Result<Manifest, ConfigError> {
        match self.config.tree.nearest(&["env", self.name]).get("secrets") {
            Some(_) => self.read("secrets", secrets::manifest),
            None => Ok(Manifest::default()),
        }
    }

    fn read<T>(
        &self,
        table: &str,
        read: impl FnOnce(&Node) -> Result<T, Fault>,
    ) -> Result<T, ConfigError> {
        let Config { path, text, tree, .. } = self.config;
        read(tree.nearest(&["env", self.name, table])).map_err(|fault| {
            let fault = fault.under(table).under(self.name).under("env");
            ConfigError::Wrong(Box::new(Wrong::new(path, text, &fault)))
        })
    }
}

/// The text of a file, which is no longer than anybody would write.
#[expect(clippy::disallowed_methods, reason = "this is the one reader of the configuration")]
fn text_of(path: &Path) -> Result<String, ConfigError> {
    use std::io::{ErrorKind, Read};
    let unreadable = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => ConfigError::Missing { path: path.into() },
        _ => ConfigError::Unreadable { path: path.into(), source },
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ConfigError::TooLarge { path: path.into() });
    }
    String::from_utf8(bytes).map_err(|error| ConfigError::NotText {
        path: path.into(),
        at: error.utf8_error().valid_up_to(),
    })
}

impl Node {
    fn decode<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        T::deserialize(self).map_err(|fault| fault.within(self))
    }
}

fn check(tree: &Node) -> Result<(String, Vec<(String, Environment)>), Fault> {
    if tree.entries().is_empty() {
        return Err(Fault::new("the file is empty")
            .with_help("name the `service` and give it at least one environment, `[env.prod]`"));
    }
    let file = file::File::deserialize(tree).map_err(|fault| fault.within(tree))?;
    nameable(&file.service, "service", tree, &["service"])?;
    if file.env.is_empty() {
        let fault = Fault::new("there is no environment").with_help("add one, `[env.prod]`");
        return Err(fault.within(tree.nearest(&["env"])).under("env"));
    }
    let check = |(name, env): (String, file::Env)| {
        nameable(&name, "environment", tree, &["env", &name])?;
        let target = tree.nearest(&["env", &name, "target"]);
        kind(target).map_err(|fault| fault.under("target").under(&name).under("env"))?;
        if let Some(secrets) = tree.nearest(&["env", &name]).get("secrets") {
            let under = |fault: Fault| fault.under("secrets").under(&name).under("env");
            secrets::manifest(secrets).map_err(under)?;
        }
        let environment = Environment::check(env).map_err(|fault| placed(fault, tree, &name))?;
        Ok((name, environment))
    };
    let environments = file.env.into_iter().map(check).collect::<Result<_, Fault>>()?;
    Ok((file.service, environments))
}

/// Finds the place of a fault from its path.
fn placed(fault: Fault, tree: &Node, name: &str) -> Fault {
    let fault = fault.under(name).under("env");
    let path: Vec<&str> = fault.path.iter().map(String::as_str).collect();
    let place = tree.nearest(&path).place.clone();
    fault.at(&place)
}

/// Both names become part of file names, leases and labels.
fn nameable(name: &str, what: &str, tree: &Node, path: &[&str]) -> Result<(), Fault> {
    let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let edges = name.starts_with('-') || name.ends_with('-');
    if !name.is_empty() && name.len() <= 40 && name.bytes().all(inner) && !edges {
        return Ok(());
    }
    let fault = Fault::new(format!("`{name}` cannot name a {what}"));
    let help = "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit";
    let fault = path.iter().rev().fold(fault.with_help(help), |fault, key| fault.under(*key));
    Err(fault.within(tree.nearest(path)))
}

fn kind(target: &Node) -> Result<(&str, &Node), Fault> {
    if !matches!(target.value, Value::Table(_)) {
        return Err(Fault::new("expected a table with a `kind`").within(target));
    }
    match target.get("kind") {
        Some(node @ Node { value: Value::Text(kind), .. }) => Ok((kind, node)),
        Some(node) => {
            Err(Fault::new("expected the name of a kind of target").within(node).under("kind"))
        }
        None => Err(Fault::new("the key `kind` is missing")
            .with_help("say what the target is, for example `kind = \"local\"`")
            .within(target)),
    }
}

fn of_kind(target: &Node, wanted: &str) -> Result<Node, Fault> {
    let (kind, node) = kind(target)?;
    if kind == wanted {
        return Ok(target.without("kind"));
    }
    let fault =
        Fault::new(format!("the target is `{kind}`, and this program deploys to `{wanted}`"));
    let help = format!("use the program for `{kind}`, or `kind = \"{wanted}\"`");
    Err(fault.with_help(help).within(node).under("kind"))
}
