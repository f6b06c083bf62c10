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
mod environment;
mod error;
mod file;
mod gates;
mod lease;
mod migration;
mod outline;
mod outward;
mod quantity;
mod reader;
mod receiver;
mod runner;
pub(crate) mod schema;
mod secrets;
mod strategy;

use std::path::Path;

use pilotage_config::{Document, Fault, Node, Value};
use pilotage_secrets::manifest::Manifest;
use serde::de::DeserializeOwned;

pub use check::{Check, Deed};
pub use environment::Environment;
pub use error::ConfigError;
pub use lease::{DynamoDbLease, KubernetesLease, LeasePlace, S3Lease};
pub use migration::{Migration, Migrations};
pub use reader::Reader;
pub use receiver::{Receiver, ReceiverKind};
pub use runner::{EcsWorkers, RunnerPlace};
pub use secrets::Secrets;

/// A configuration that was read and checked, but for the tables that belong to the target.
#[derive(Debug)]
pub struct Config {
    document: Document,
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
        Self::of(Document::load(path)?)
    }

    /// Reads and checks the text of a file.
    pub fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        Self::of(Document::parse(path, text)?)
    }

    fn of(document: Document) -> Result<Self, ConfigError> {
        let checked = check(document.root()).map_err(|fault| document.wrong(fault));
        let (service, environments) = checked?;
        Ok(Self { document, service, environments })
    }

    /// Chooses an environment; if there is only one, nobody needs to name it.
    pub fn choose(&self, name: Option<&str>) -> Result<Chosen<'_>, ConfigError> {
        let known = || self.environments.iter().map(|(name, _)| name.clone()).collect();
        let path = || self.document.path().into();
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
        let env = self.config.document.root().nearest(&["env", self.name]);
        match env.get("artifact") {
            Some(_) => self.read("artifact", Node::decode).map(Some),
            None => Ok(None),
        }
    }

    /// What its components need of secrets.
    pub(crate) fn secrets(&self) -> Result<Manifest, ConfigError> {
        match self.config.document.root().nearest(&["env", self.name]).get("secrets") {
            Some(_) => self.read("secrets", secrets::manifest),
            None => Ok(Manifest::default()),
        }
    }

    fn read<T>(
        &self,
        table: &str,
        read: impl FnOnce(&Node) -> Result<T, Fault>,
    ) -> Result<T, ConfigError> {
        let document = &self.config.document;
        let read = read(document.root().nearest(&["env", self.name, table]));
        let under = |fault: Fault| fault.under(table).under(self.name).under("env");
        read.map_err(|fault| document.wrong(under(fault)).into())
    }
}

fn check(tree: &Node) -> Result<(String, Vec<(String, Environment)>), Fault> {
    if tree.entries().is_empty() {
        return Err(Fault::new("the file is empty")
            .with_help("name the `service` and give it at least one environment, `[env.prod]`"));
    }
    let file: file::File = tree.decode()?;
    nameable(&file.service, "service").map_err(|fault| fault.under("service"))?;
    if file.env.is_empty() {
        let fault = Fault::new("there is no environment").with_help("add one, `[env.prod]`");
        return Err(fault.under("env"));
    }
    let check = |(name, env): (String, file::Env)| {
        let environment = environment(&name, env, tree.nearest(&["env", &name]));
        let environment = environment.map_err(|fault| fault.under(&name).under("env"))?;
        Ok((name, environment))
    };
    let environments = file.env.into_iter().map(check).collect::<Result<_, Fault>>()?;
    Ok((file.service, environments))
}

/// Checks an environment; a fault carries the path below it.
fn environment(name: &str, env: file::Env, node: &Node) -> Result<Environment, Fault> {
    nameable(name, "environment")?;
    kind(node.nearest(&["target"])).map_err(|fault| fault.under("target"))?;
    if let Some(secrets) = node.get("secrets") {
        secrets::manifest(secrets).map_err(|fault| fault.under("secrets"))?;
    }
    if let Some(table) = node.get("reader") {
        reader::reader(table).map_err(|fault| fault.under("reader"))?;
    }
    Environment::check(env)
}

/// Both names become part of file names, leases and labels.
fn nameable(name: &str, what: &str) -> Result<(), Fault> {
    let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let edges = name.starts_with('-') || name.ends_with('-');
    if !name.is_empty() && name.len() <= 40 && name.bytes().all(inner) && !edges {
        return Ok(());
    }
    let help = "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit";
    Err(Fault::new(format!("`{name}` cannot name a {what}")).with_help(help))
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
