//! The flags of `lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pilotage_cli::ColorChoice;
use pilotage_migration::Server;
use pilotage_migration::gate::Running;
use pilotage_migration::lint::FailOn;
use semver::Version;

const LINT_EXAMPLES: &str = "\
Examples:
  lint --server postgres@16 migrations
  lint --server mysql@8.0.36 --after V41__orders.sql db/migration    only what is not applied yet
  lint --server postgres@16 --oldest-running 2.4.0 migrations        decide on contract files
  lint --server postgres@16 --format sarif migrations > lint.sarif

A statement that is found may be allowed, with a reason, by a comment before it:
  -- pilotage: allow drop-column because no version has read it since 2.3

A file says its phase in its path (`contract/`, `x_contract.sql`) or at its top:
  -- pilotage: phase contract since 2.4.0 because no version has read it since 2.3";

/// Flags of `lint`.
#[derive(Debug, Args)]
#[command(after_long_help = LINT_EXAMPLES)]
pub(crate) struct LintArgs {
    /// Files, and folders with all that is in them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Who will run the statements: `postgres@12` to `@18`, `mysql@5.7` to `@9`, `mariadb@10.5` to `@11`
    #[arg(long, short, value_name = "NAME@VERSION")]
    pub(crate) server: Server,

    /// The last file that is applied already; those after it are applied together
    #[arg(long, value_name = "FILE")]
    pub(crate) after: Option<String>,

    /// The oldest version that runs, or `none`; decides on contract files
    #[arg(long, value_name = "VERSION", value_parser = running)]
    pub(crate) oldest_running: Option<Running>,

    /// From which severity on the answer is no
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: Threshold,

    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,

    /// When to use colours; `auto` respects `NO_COLOR` and needs a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

/// From which severity on the answer is no.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Threshold {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Nothing.
    Never,
}

impl From<Threshold> for FailOn {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Error => Self::Error,
            Threshold::Warning => Self::Warning,
            Threshold::Never => Self::Never,
        }
    }
}

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs; keys are only ever added.
    Json,
    /// For code hosts: SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions, after the text.
    Github,
    /// Issues of Azure Pipelines, after the text.
    Azure,
}

impl LintArgs {
    /// How the report is written.
    pub(crate) const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Parses a version, or `none`.
pub(crate) fn running(text: &str) -> Result<Running, String> {
    if text == "none" {
        return Ok(Running::Nothing);
    }
    let plain = text.strip_prefix('v').unwrap_or(text);
    let version = Version::parse(plain);
    version.map(Running::Oldest).map_err(|error| format!("{error}; write it as 2.4.0, or `none`"))
}
