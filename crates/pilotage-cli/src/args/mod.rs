//! The command line, exactly as it was typed. Building it needs no input or output.

mod verbs;

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

pub use verbs::Verb;
pub(crate) use verbs::{
    AbortArgs, CompletionsArgs, DeployArgs, HistoryArgs, ManArgs, PlanArgs, ReportArgs, ResumeArgs,
    RollbackArgs,
};

/// Every exit code, for the end of the help.
const EXIT_CODES: &str = "\
Exit codes:
  0    deployed, or unchanged; for other verbs: done
  1    failed and reverted: the old release serves
  2    the command line or the configuration is wrong; nothing was done
  3    failed and not reverted
  4    unknown: the target could not be read back
  5    somebody else owns the target
  6    refused by a guard or a gate
  7    paused: a person has to decide
  130  interrupted, held in a safe state; `resume` goes on

Each verdict is printed with the next command to run.";

/// Bring releases safely into harbour
///
/// Plans a rollout, drives it with gates and a judge, and can go on with it or take it back from
/// any machine after any crash. Data goes to stdout, everything else to stderr.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXIT_CODES, after_help = "Exit codes and examples: see `--help`.")]
// The same help everywhere, whatever the width of the terminal that it is asked from.
#[command(term_width = 100)]
#[command(propagate_version = true, disable_help_subcommand = true)]
pub struct Cli<F: Args> {
    /// What holds for all verbs.
    #[command(flatten)]
    pub global: Global,
    /// What is to be done.
    #[command(subcommand)]
    pub verb: Verb<F>,
}

/// What holds for all verbs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The environment; not needed if the configuration has only one
    #[arg(long, short, global = true, value_name = "NAME")]
    pub env: Option<String>,

    /// The configuration
    #[arg(long, short, global = true, value_name = "FILE", default_value = "pilotage.toml")]
    pub config: PathBuf,

    /// Write JSON to stdout: one object, or for a run one object a line and the verdict last
    #[arg(long, global = true)]
    pub json: bool,

    /// Show no progress; errors and the verdict are still shown
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// When to use colours; `auto` respects `NO_COLOR` and needs a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to use colours on such a stream.
    pub const fn applies(self, terminal: bool, no_color: bool) -> bool {
        match self {
            Self::Auto => terminal && !no_color,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_respect_the_user_before_the_terminal() {
        assert!(ColorChoice::Auto.applies(true, false));
        assert!(!ColorChoice::Auto.applies(true, true));
        assert!(!ColorChoice::Auto.applies(false, false));
        assert!(ColorChoice::Always.applies(false, true));
        assert!(!ColorChoice::Never.applies(true, false));
    }
}
