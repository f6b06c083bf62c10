//! The command line, exactly as it was typed.

pub(crate) mod exec;
pub(crate) mod lease;
pub(crate) mod lint;
pub(crate) mod lock;
pub(crate) mod place;
pub(crate) mod repair;
pub(crate) mod run;
pub(crate) mod worker;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use exec::ExecArgs;
use lint::LintArgs;
use lock::LockArgs;
use place::StatusArgs;
use repair::RepairArgs;
use run::RunArgs;
use worker::{WardenArgs, WorkerArgs};

const EXIT_CODES: &str = "\
Exit codes:
  0    applied, or nothing was to be applied; for other verbs: done
  1    a migration failed; what is applied is written down, and the next run goes on from there
  2    the command line, the configuration or the credentials are wrong; nothing was done
  4    unknown: the database or the worker was lost; the next run finds out and goes on
  5    somebody else has the database
  6    refused: by the lint, by a changed file, or because the database is not fit
  7    a person has to say what became of a statement; see `repair`
  130  interrupted; a worker that has taken over goes on, and `run` attaches to it";

/// Say whether migrations may run beside the version that serves, and run them
///
/// Data goes to stdout, everything else to stderr.
#[derive(Debug, Parser)]
#[command(name = "pilotage-migrate", version, after_long_help = EXIT_CODES)]
#[command(term_width = 100, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What is to be done.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Apply what is not applied, or attach to who is at it
    Run(RunArgs),
    /// Run a migrator here, under the lease, the session lock and the fence
    Exec(ExecArgs),
    /// Classify every statement: what locks, what rewrites, what breaks the running version
    Lint(LintArgs),
    /// Show who has the lease, what they are doing, and what is applied
    Status(StatusArgs),
    /// Show the lease, hold it as a person, or set it free
    Lock(LockArgs),
    /// Say what became of a migration that nobody can tell; changes nothing without `--yes`
    Repair(RepairArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, of one verb if one is named
    Man(ManArgs),
    /// What `run` starts
    #[command(hide = true)]
    Worker(WorkerArgs),
    /// What a worker starts
    #[command(hide = true)]
    Warden(WardenArgs),
}

/// Flags of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// For which shell
    pub(crate) shell: Shell,
}

/// Flags of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Of which verb
    pub(crate) verb: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        Cli::command().debug_assert();
    }
}
