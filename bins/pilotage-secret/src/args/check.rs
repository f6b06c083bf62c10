//! Flags of `check`.

use std::path::PathBuf;

use clap::Args;

use super::{ScopeArgs, SourceArgs};

const CHECK_EXAMPLES: &str = "\
Examples:
  check --env prod                          versions, rotations, deletions; no value is read
  check --env prod --read                   and read each value, with the rights of whoever runs this
  check --env prod --read --role arn:aws:iam::123456789012:role/web
                                            and read each value as the role that will use it
  check --env prod --write-pins pins.json   remember the versions that a release begins with
  check --env prod --since pins.json        say what has moved since, and what a rollback would miss
  check --env prod --since release.json     the same for a release that `pilotage-image` has recorded";

/// Flags of `check`.
#[derive(Debug, Args)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,

    #[command(flatten)]
    pub(crate) source: SourceArgs,

    /// Also read every value, and look whether it is what the reference says; none is shown
    #[arg(long)]
    pub(crate) read: bool,

    /// A rotation that is under way is no reason to refuse
    #[arg(long)]
    pub(crate) allow_rotation: bool,

    /// Write the versions that are meant now to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) write_pins: Option<PathBuf>,

    /// Compare with the versions of an earlier release: its pins, or its record
    #[arg(long, value_name = "FILE", conflicts_with = "pins")]
    pub(crate) since: Option<PathBuf>,
}
