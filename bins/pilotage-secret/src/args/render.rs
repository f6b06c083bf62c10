//! Flags of `render`.

use clap::{Args, ValueEnum};

use super::{ScopeArgs, SiteArgs};

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
