//! How places that are far away are entered.

use clap::Args;

/// How places that are far away are entered.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SourceArgs {
    /// Read as this role of AWS, such as that of the task; otherwise as `[env.NAME.reader]` says
    #[arg(long, value_name = "ARN")]
    pub(crate) role: Option<String>,

    /// The region of references that name none; otherwise that of the configuration, the environment
    /// or the profile
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
}
