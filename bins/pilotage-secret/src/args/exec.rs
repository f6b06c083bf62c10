//! Flags of `exec`.

use std::ffi::OsString;

use clap::Args;

use super::{ScopeArgs, SourceArgs};

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

    #[command(flatten)]
    pub(crate) source: SourceArgs,

    /// Let the child have this variable of the environment as well; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) keep: Vec<String>,

    /// The command and its arguments
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}
