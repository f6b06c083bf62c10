//! Flags of `resolve`.

use std::path::PathBuf;

use clap::Args;

use super::{ScopeArgs, SourceArgs};

/// Flags of `resolve`.
#[derive(Debug, Args)]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    #[command(flatten)]
    pub(crate) source: SourceArgs,

    /// Write a JSON object of variables and values to stdout, which must not be a terminal
    #[arg(long)]
    pub(crate) values: bool,

    /// Write variables and values to a new file that only its owner can read
    #[arg(long, value_name = "FILE", conflicts_with = "values")]
    pub(crate) env_file: Option<PathBuf>,
}
