//! What can be typed after `cargo xtask`, as far as this program is concerned.

use clap::{Parser, Subcommand};
use xtask::here::Here;

use crate::cases::lease::worker;
use crate::failure::Failure;
use crate::{bench, sim};

/// The tasks that need the product itself.
///
/// Exit codes: 0 done, 1 a bar was missed or a promise broken, 2 wrong usage, 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Simulate runs in which anything can go wrong
    Sim(sim::Args),
    /// Measure, beside peers where there are any; fails where a bar is missed
    Bench(bench::Args),
    /// One of the processes that `bench lease --chaos` tortures
    #[command(hide = true)]
    LeaseWorker(worker::Args),
}

impl Cli {
    pub(crate) fn run(self, here: &Here) -> Result<(), Failure> {
        match self.task {
            Task::Sim(args) => sim::run(&args),
            Task::Bench(args) => bench::run(here, &args),
            Task::LeaseWorker(args) => worker::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use xtask::tidy::Repository;

    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Nothing, if these words are for the task runner or can be typed.
    fn accepts(words: &[&str]) -> Result<(), String> {
        let is_ours = matches!(words.first(), Some(&("bench" | "sim")));
        let line = std::iter::once("cargo xtask").chain(words.iter().copied());
        match Cli::try_parse_from(line) {
            Err(error) if is_ours && error.use_stderr() => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    #[test]
    fn what_the_manuals_say_can_be_typed() {
        let repository = Repository::load(&Here::discover().root).expect("this repository");
        assert_eq!(repository.manuals(&accepts), []);
        assert!(accepts(&["bench", "--no-such-option"]).is_err());
    }
}
