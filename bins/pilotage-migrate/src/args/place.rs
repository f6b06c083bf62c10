//! Where migrations are run, and how that is shown.

use std::path::PathBuf;

use clap::Args;
use pilotage_cli::{ColorChoice, LeasePlace};
use pilotage_lease::LeaseName;
use pilotage_migration::Server;

use super::lease::lease;

/// Where migrations are run. What is said here goes before what the configuration says.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Place")]
pub(crate) struct PlaceArgs {
    /// The environment; not needed if the configuration has only one
    #[arg(long, short, value_name = "NAME")]
    pub(crate) env: Option<String>,

    /// The configuration; `pilotage.toml` if there is one and no flag says enough
    #[arg(long, short, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Who runs the statements: `postgres@12` to `@18`, `mysql@5.7` to `@9`, `mariadb@10.5` to `@11`
    #[arg(long, short, value_name = "NAME@VERSION")]
    pub(crate) server: Option<Server>,

    /// The environment variable that holds the address of the database
    #[arg(long, short, value_name = "VARIABLE")]
    pub(crate) database: Option<String>,

    /// Where the lease is kept: `file`, `database`, `dynamodb:TABLE`, `s3://BUCKET/FOLDER` or
    /// `kubernetes:NAMESPACE`; in the database if there is one, else in a file of this machine
    #[arg(long, value_name = "WHERE", value_parser = lease)]
    pub(crate) lease: Option<LeasePlace>,

    /// The name of the lease; of the service and the environment if a configuration says so
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<LeaseName>,

    /// The folder for leases and workers of this machine
    #[arg(long, value_name = "FOLDER")]
    pub(crate) state: Option<PathBuf>,

    /// One more environment variable whose value must not be seen in any output
    #[arg(long = "secret", value_name = "VARIABLE")]
    pub(crate) secrets: Vec<String>,
}

/// What is applied.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct WhatArgs {
    /// SQL files, and folders with all that is in them; with a command, they are its input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// A migrator that keeps its own history; without one the files are run here
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<std::ffi::OsString>,

    /// Let a migration come in before one that is applied already
    #[arg(long)]
    pub(crate) gaps: bool,
}

/// How things are shown.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ShowArgs {
    /// Write JSON to stdout: one object, or for a run one object a line and how it ended last
    #[arg(long)]
    pub(crate) json: bool,

    /// When to use colours; `auto` respects `NO_COLOR` and needs a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

/// Flags of `status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// SQL files, and folders with all that is in them
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}
