//! The migrations of an environment, as the configuration says them.

use std::path::{Path, PathBuf};

use pilotage_config::{Fault, Node, Value};
use serde::Deserialize;

use super::error::ConfigError;
use super::lease::LeasePlace;
use super::outline::Outline;
use super::receiver::is_name;
use super::runner::RunnerPlace;

/// The migrations that a new release needs, and how they are applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// Who runs the statements, for example `postgres@16`, `mysql@8.0` or `mariadb@11`.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = SERVER)))]
    pub server: Option<String>,
    /// SQL files, and folders with all that is in them. With a command, they are its input.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub files: Vec<PathBuf>,
    /// A migrator that keeps its own history, word by word; without one the files are run here.
    #[serde(default)]
    pub command: Vec<String>,
    /// The environment variable that holds the address of the database, never the address itself.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = VARIABLE)))]
    pub database: Option<String>,
    /// Where the lease is kept; in the database if there is one, else in a file of this machine.
    #[serde(default)]
    pub lease: Option<LeasePlace>,
    /// Where workers run; on this machine if absent.
    #[serde(default)]
    pub runner: RunnerPlace,
    /// The folder for leases and workers of this machine; one of its user if absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub state: Option<PathBuf>,
    /// Whether a migration may come in before one that is applied already.
    #[serde(default)]
    pub gaps: bool,
    /// More environment variables whose values must not be seen in any output.
    #[serde(default)]
    #[cfg_attr(test, schemars(inner(regex(pattern = VARIABLE))))]
    pub secrets: Vec<String>,
}

#[cfg(test)]
const SERVER: &str = r"^(postgres|postgresql|mysql|mariadb)@[0-9]+(\.[0-9]+){0,2}$";
#[cfg(test)]
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]{0,99}$";

/// The migrations of one environment, read from a file that may say nothing of deploys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// The name of the environment.
    pub environment: String,
    /// The name of the target: that of the service and that of the environment.
    pub target: String,
    /// The table `migration`; none if the environment has none.
    pub table: Option<Migration>,
}

impl Migrations {
    /// Reads the migrations of an environment.
    pub fn load(path: &Path, environment: Option<&str>) -> Result<Self, ConfigError> {
        let outline = Outline::load(path)?;
        let name = outline.choose(environment)?;
        let service = service(outline.tree(), name).map_err(|fault| outline.fault(fault))?;
        let table = outline.table(name, "migration").map(Migration::read).transpose();
        let table = table.map_err(|fault| outline.wrong(name, "migration", fault))?;
        let (environment, target) = (name.to_owned(), format!("{service}-{name}"));
        Ok(Self { environment, target, table })
    }
}

/// The name of the service, which with that of the environment names the lease.
fn service<'a>(tree: &'a Node, environment: &str) -> Result<&'a str, Fault> {
    let environment_named = super::nameable(environment, "environment");
    environment_named.map_err(|fault| fault.under(environment).under("env"))?;
    match tree.get("service") {
        Some(Node { value: Value::Text(service), .. }) => {
            let named = super::nameable(service, "service");
            named.map(|()| service.as_str()).map_err(|fault| fault.under("service"))
        }
        Some(node) => Err(Fault::new("expected a text in quotes").within(node).under("service")),
        None => Err(Fault::new("the key `service` is missing").with_help("add `service = …`")),
    }
}

impl Migration {
    fn read(node: &Node) -> Result<Self, Fault> {
        let table: Self = node.decode()?;
        table.check()?;
        Ok(table)
    }

    /// Checks what belongs together; a fault carries the path below the table.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let names = self.secrets.iter().enumerate();
        names.map(|(at, name)| (format!("[{at}]"), name)).try_for_each(|(at, name)| {
            if is_name(name) { Ok(()) } else { Err(no_name().under(at).under("secrets")) }
        })?;
        if self.database.as_deref().is_some_and(|name| !is_name(name)) {
            return Err(no_name().under("database"));
        }
        if self.files.is_empty() && self.command.is_empty() {
            let help = "name the `files` that are run, or the `command` of a migrator";
            return Err(Fault::new("there is nothing to be applied").with_help(help));
        }
        if self.command.is_empty() && (self.server.is_none() || self.database.is_none()) {
            let help = "add `server = \"postgres@16\"` and `database = \"DATABASE_URL\"`";
            return Err(Fault::new("files are run in a database, and it is not said in which")
                .with_help(help));
        }
        if let Some(lease) = &self.lease {
            lease.check().map_err(|fault| fault.under("lease"))?;
        }
        if self.lease == Some(LeasePlace::Database) && self.database.is_none() {
            let help = "add `database = \"DATABASE_URL\"`, or keep the lease in a file";
            return Err(Fault::new("there is no database to keep it in")
                .with_help(help)
                .under("lease"));
        }
        self.runner.check().map_err(|fault| fault.under("runner"))?;
        self.check_runner()
    }
}

impl Migration {
    /// A worker elsewhere sees nothing of this machine.
    fn check_runner(&self) -> Result<(), Fault> {
        if !self.runner.sees(self.lease.as_ref(), self.database.is_some()) {
            let help = "keep the lease where a task reaches it: `lease = \"database\"`, or a table \
                        `lease.dynamodb` or `lease.s3`";
            let fault = Fault::new("a task does not see a lease that is kept on this machine");
            return Err(fault.with_help(help).under("lease"));
        }
        let is_here = |path: &PathBuf| path.is_absolute();
        if self.runner != RunnerPlace::Local && self.files.iter().any(is_here) {
            let help =
                "write paths from the folder of this file; `folder` says where the image has it";
            let fault = Fault::new("a task does not see files of this machine");
            return Err(fault.with_help(help).under("files"));
        }
        Ok(())
    }
}

/// It does not repeat what is written, for it may be the secret itself.
fn no_name() -> Fault {
    Fault::new("this is not the name of an environment variable")
        .with_help("what is secret belongs into a variable: put it there, and name that here")
}
