//! What several verbs are asked alike: which secrets, and where they are.

use std::path::PathBuf;

use clap::Args;

/// Which secrets.
#[derive(Debug, Clone, Args)]
pub(crate) struct ScopeArgs {
    /// Only the secrets of this component
    #[arg(long, value_name = "NAME")]
    pub(crate) component: Option<String>,

    /// Use the versions that this file names: pins, as `check --write-pins` writes them, or the
    /// record of a release
    #[arg(long, value_name = "FILE")]
    pub(crate) pins: Option<PathBuf>,
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
