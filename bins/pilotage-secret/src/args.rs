//! The command line, exactly as it was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use pilotage_artifact::CommitId;
use pilotage_cli::ColorChoice;
use pilotage_secrets::policy::Party;

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
  DATABASE_URL = \"env:DATABASE_URL\"
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

/// Which secrets.
#[derive(Debug, Clone, Args)]
pub(crate) struct ScopeArgs {
    /// Only the secrets of this component
    #[arg(long, value_name = "NAME")]
    pub(crate) component: Option<String>,

    /// Use the versions that this file names, as `check --write-pins` has written it
    #[arg(long, value_name = "FILE")]
    pub(crate) pins: Option<PathBuf>,
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

const CHECK_EXAMPLES: &str = "\
Examples:
  check --env prod                          versions, rotations, deletions; no value is read
  check --env prod --read                   and read each value, with the rights of whoever runs this
  check --env prod --write-pins pins.json   remember the versions that a release begins with
  check --env prod --since pins.json        say what has moved since, and what a rollback would miss";

/// Flags of `check`.
#[derive(Debug, Args)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    /// Also read every value, and look whether it is what the reference says; none is shown
    #[arg(long)]
    pub(crate) read: bool,

    /// A rotation that is under way is no reason to refuse
    #[arg(long)]
    pub(crate) allow_rotation: bool,

    /// Write the versions that are meant now to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) write_pins: Option<PathBuf>,

    /// Compare with the versions of an earlier release
    #[arg(long, value_name = "FILE", conflicts_with = "pins")]
    pub(crate) since: Option<PathBuf>,
}

/// Flags of `resolve`.
#[derive(Debug, Args)]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    /// Write a JSON object of variables and values to stdout, which must not be a terminal
    #[arg(long)]
    pub(crate) values: bool,

    /// Write variables and values to a new file that only its owner can read
    #[arg(long, value_name = "FILE", conflicts_with = "values")]
    pub(crate) env_file: Option<PathBuf>,
}

const EXEC_EXAMPLES: &str = "\
Examples:
  exec --env prod --component web -- ./server
  exec --component migrate --keep AWS_REGION -- ./migrate up

The child gets PATH, HOME, USER, LANG, LC_*, TZ, TERM, TMPDIR, what `--keep` names and its secrets,
and nothing else. What it writes goes through a filter that masks the secrets in all encodings.";

/// Flags of `exec`.
#[derive(Debug, Args)]
#[command(after_long_help = EXEC_EXAMPLES)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    /// Let the child have this variable of the environment as well; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) keep: Vec<String>,

    /// The command and its arguments
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

const RENDER_EXAMPLES: &str = "\
Examples:
  render --component web --as ecs --region eu-west-1 --account 123456789012 --pins pins.json
  render --component web --as external-secret --store main --pins pins.json
  render --component web --as provider-class --tenant 00000000-0000-0000-0000-000000000000";

/// Flags of `render`.
#[derive(Debug, Args)]
#[command(after_long_help = RENDER_EXAMPLES)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    /// Which document
    #[arg(long = "as", value_name = "FORM")]
    pub(crate) form: RenderForm,

    #[command(flatten)]
    pub(crate) site: SiteArgs,

    /// The store of an external secret
    #[arg(long, value_name = "NAME", required_if_eq("form", "external-secret"))]
    pub(crate) store: Option<String>,

    /// The store belongs to the whole cluster
    #[arg(long, requires = "store")]
    pub(crate) cluster_store: bool,

    /// The id of the directory of the vaults
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,
}

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderForm {
    /// The block `secrets` of a container definition of ECS.
    Ecs,
    /// An `ExternalSecret` of the External Secrets Operator.
    ExternalSecret,
    /// A `SecretProviderClass` of the Secrets Store CSI driver.
    ProviderClass,
}

/// Where references are that do not say it.
#[derive(Debug, Clone, Args)]
pub(crate) struct SiteArgs {
    /// The account of references that name none
    #[arg(long, value_name = "ID", requires = "region")]
    pub(crate) account: Option<String>,

    /// The region of references that name none
    #[arg(long, value_name = "NAME", requires = "account")]
    pub(crate) region: Option<String>,

    /// The partition of references that name none
    #[arg(long, value_name = "NAME", default_value = "aws")]
    pub(crate) partition: String,
}

const POLICY_EXAMPLES: &str = "\
Examples:
  policy --for task --region eu-west-1 --account 123456789012
  policy --for plan --kind kubernetes
  policy --for execution --region eu-west-1 --account 123456789012 --diff live.json";

/// Flags of `policy`.
#[derive(Debug, Args)]
#[command(after_long_help = POLICY_EXAMPLES)]
pub(crate) struct PolicyArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    /// For whom: the program itself, the role with which ECS starts it, or the CI job that plans
    #[arg(long = "for", value_name = "PARTY")]
    pub(crate) party: PartyArg,

    /// In the language of which platform
    #[arg(long, value_name = "KIND", default_value = "iam")]
    pub(crate) kind: Kind,

    #[command(flatten)]
    pub(crate) site: SiteArgs,

    /// The subscription of the vaults
    #[arg(long, value_name = "ID", required_if_eq("kind", "azure"))]
    pub(crate) subscription: Option<String>,

    /// The resource group of the vaults
    #[arg(long, value_name = "NAME", required_if_eq("kind", "azure"))]
    pub(crate) resource_group: Option<String>,

    /// Compare this IAM policy with what is needed; code 6 if it differs
    #[arg(long, value_name = "FILE")]
    pub(crate) diff: Option<PathBuf>,
}

const SCAN_EXAMPLES: &str = "\
Examples:
  scan .                                       every file under this folder
  scan --since 0123456789abcdef0123456789abcdef01234567
                                               what the commits after this one have added
  scan deploy --format sarif > scan.sarif      for code hosts

A line is let pass by an allow-list, or by a comment that says why. No value is shown.";

/// Flags of `scan`.
#[derive(Debug, Args)]
#[command(after_long_help = SCAN_EXAMPLES)]
pub(crate) struct ScanArgs {
    /// Files, and folders with all that is in them
    #[arg(required_unless_present = "since", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Also look at what the commits after this one have added
    #[arg(long, value_name = "COMMIT")]
    pub(crate) since: Option<CommitId>,

    /// The repository of the commits
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) repository: PathBuf,

    /// What is let pass, each with a reason
    #[arg(long, value_name = "FILE")]
    pub(crate) allow: Option<PathBuf>,

    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ScanFormat,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For code hosts: SARIF 2.1.0.
    Sarif,
}

/// For whom a policy is.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PartyArg {
    /// The program, which reads values itself.
    Task,
    /// The role with which ECS reads values before it starts the program.
    Execution,
    /// The CI job, which reads no value.
    Plan,
}

/// The language of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A policy document of AWS.
    Iam,
    /// Role assignments of Azure.
    Azure,
    /// Roles of Kubernetes.
    Kubernetes,
}

impl From<PartyArg> for Party {
    fn from(party: PartyArg) -> Self {
        match party {
            PartyArg::Task => Self::Task,
            PartyArg::Execution => Self::Execution,
            PartyArg::Plan => Self::Plan,
        }
    }
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
