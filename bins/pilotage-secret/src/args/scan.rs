//! Flags of `scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pilotage_artifact::CommitId;

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
