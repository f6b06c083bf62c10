//! The command line, exactly as it was typed: what holds for all verbs here, one file for each verb.

mod check;
mod exec;
mod policy;
mod render;
mod resolve;
mod scan;
mod scope;
mod source;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use pilotage_cli::ColorChoice;

pub(crate) use check::CheckArgs;
pub(crate) use exec::ExecArgs;
pub(crate) use policy::{Kind, PolicyArgs};
pub(crate) use render::{RenderArgs, RenderForm};
pub(crate) use resolve::ResolveArgs;
pub(crate) use scan::{ScanArgs, ScanFormat};
pub(crate) use scope::{ScopeArgs, SiteArgs};
pub(crate) use source::SourceArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0    done; for `check`: nothing speaks against a deploy
  2    the command line, the configuration or a file is wrong
  4    unknown: a source could not be reached
  6    refused: a secret is missing, denied, deleted, rotating, or is not what the reference says; a policy
       differs; a scan has found something

`exec` passes on the code of its child; 128 and the number of the signal that ended it.";

const ABOUT: &str = "\
Check, resolve, inject and explain the secrets of a service

Secrets are referred to in `pilotage.toml` and never written there:

  [env.prod.secrets.web]
  DATABASE_URL = \"asm:prod/web/db#/url\"
  API_TOKEN = \"akv:prod-vault/api-token\"
  TLS_KEY = { from = \"file:secrets/tls.json#/key\", as = \"fd\" }

Data goes to stdout, everything else to stderr. A value is shown by `resolve --values` alone, and
never on a terminal.";

/// Check, resolve, inject and explain the secrets of a service
#[derive(Debug, Parser)]
#[command(name = "pilotage-secret", version, long_about = ABOUT, after_long_help = EXIT_CODES)]
#[command(term_width = 100, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What holds for all verbs.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What is to be done.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What holds for all verbs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The environment; not needed if the configuration has only one
    #[arg(long, short, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,

    /// The configuration
    #[arg(long, short, global = true, value_name = "FILE", default_value = "pilotage.toml")]
    pub(crate) config: PathBuf,

    /// Write JSON to stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// When to use colours; `auto` respects `NO_COLOR` and needs a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Look whether every secret is there, without reading a value
    Check(CheckArgs),
    /// Resolve every reference, and say in which version; values only if asked for
    Resolve(ResolveArgs),
    /// Run a command with the secrets of one component
    Exec(ExecArgs),
    /// Print the document by which a platform brings the secrets of one component to it
    Render(RenderArgs),
    /// Print the least privilege that the secrets need, or compare a policy with it
    Policy(PolicyArgs),
    /// Find likely secrets in files and in the lines that commits have added
    Scan(ScanArgs),
    /// Print completions for a shell
    Completions {
        /// For which shell
        shell: Shell,
    },
    /// Print the manual page, of one verb if one is named
    Man {
        /// Of which verb; of the program if absent
        verb: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        Cli::command().debug_assert();
    }
}
