//! The flags of `exec`.

use std::ffi::OsString;

use clap::Args;
use pilotage_artifact::Digest;
use pilotage_lease::Ticket;
use pilotage_rollout::Span;

use super::place::{PlaceArgs, ShowArgs};
use super::run::{span, span_or_none};

const EXAMPLES: &str = "\
Examples:
  exec --database DATABASE_URL -- flyway migrate
  exec --env prod --ticket \"$TICKET\" -- npm run migrate     in the place of the job that has it

The command runs in a group of its own, with nothing to read, and finds the number of the
ownership in `PILOTAGE_FENCE`. It is stopped when the lease or the session lock is lost.";

/// Flags of `exec`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct ExecArgs {
    /// The migrator, word by word
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,

    /// Whose place to take, as given by who has the lease; `PILOTAGE_TICKET` if absent
    #[arg(long, value_name = "TICKET")]
    pub(crate) ticket: Option<Ticket>,

    /// Which set of migrations this is; `PILOTAGE_SET`, or that of the command, if absent
    #[arg(long, value_name = "DIGEST")]
    pub(crate) set: Option<Digest>,

    /// How long to wait for whoever has the lease or the session lock
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = span)]
    pub(crate) wait: Span,

    /// How much of that to wait while a person holds the lease; people take days, so that a job
    /// ends at once and names them
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = span_or_none)]
    pub(crate) wait_for_hold: Span,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}
