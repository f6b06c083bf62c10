//! Flags of `policy`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pilotage_secrets::policy::Party;

use super::{ScopeArgs, SiteArgs};

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
