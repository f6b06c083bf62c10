//! The flags of `repair`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::place::{PlaceArgs, ShowArgs};

const EXAMPLES: &str = "\
Examples:
  repair --env prod --as step-applied V7__index.sql                        what would be written
  repair --env prod --as step-applied --yes V7__index.sql V7__index.sql    and write it

It changes the ledger alone, never a table. Look into the database first.";

/// Flags of `repair`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct RepairArgs {
    /// The migration, as `status` names it
    #[arg(value_name = "MIGRATION")]
    pub(crate) migration: String,

    /// SQL files, and folders with all that is in them
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// What is true of it
    #[arg(long = "as", value_name = "WHAT")]
    pub(crate) truth: Truth,

    /// The migration once more, to have it written
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) yes: Option<String>,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// What is true of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Truth {
    /// The step that was under way is applied.
    StepApplied,
    /// Nothing of the step that was under way is applied.
    StepAbsent,
    /// All of the file, as it is now, is applied.
    Applied,
    /// Nothing of the file is applied.
    Absent,
}
