//! What can be typed after `cargo xtask`.

use clap::{Parser, Subcommand};
use pilotage_xtask::{ci_ref, release};

use crate::failure::Failure;
use crate::here::Here;
use crate::{ci, deny, env, fuzz, measure, test, tidy};

/// The tasks of this repository.
///
/// Exit codes: 0 done, 1 a check or a test failed, 2 wrong usage, 130 interrupted; a release also
/// ends with 4 (unknown) and 6 (refused).
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run all tests, with every real system that can be had
    ///
    /// Prints `run: NAME` or `not run: NAME: reason` for each system, the tests that were skipped
    /// by name, and last a line `N passed, N failed, N skipped`. What it started it stops again,
    /// also after a failure or Ctrl-C.
    Test(test::Args),
    /// Start, stop and list the real systems by hand
    #[command(subcommand)]
    Env(env::Command),
    /// Simulate runs in which anything can go wrong
    #[command(disable_help_flag = true)]
    Sim(measure::Words),
    /// Look for bytes that break a parser
    Fuzz(fuzz::Args),
    /// Measure, beside peers where there are any; fails where a bar is missed
    #[command(disable_help_flag = true)]
    Bench(measure::Words),
    /// Check what compilers do not: crate edges, module docs, lengths, documented commands
    Tidy,
    /// Check dependencies: bans, licences, sources, and advisories where they can be reached
    Deny(deny::Args),
    /// Make releases, and look at them
    #[command(subcommand)]
    Release(release::Command),
    /// Run everything that CI runs: format, lints, docs, deny, tidy, tests
    Ci,
}

impl Cli {
    pub(crate) fn run(self, here: &Here) -> Result<(), Failure> {
        match self.task {
            Task::Test(args) => test::run(here, &args),
            Task::Env(command) => env::run(here, &command),
            Task::Sim(words) => measure::run(here, "sim", &words),
            Task::Fuzz(args) => fuzz::run(here, &args),
            Task::Bench(words) => measure::run(here, "bench", &words),
            Task::Tidy => tidy::run(here),
            Task::Deny(args) => deny::run(here, args).map(drop),
            Task::Release(command) => Ok(command.run(&here.root, ci_ref().as_deref())?),
            Task::Ci => ci::run(here),
        }
    }

    /// Whether these words, after `cargo xtask`, are a command; a request for help is one.
    pub(crate) fn accepts(words: &[&str]) -> Result<(), String> {
        let line = std::iter::once("cargo xtask").chain(words.iter().copied());
        match Self::try_parse_from(line) {
            Err(error) if error.use_stderr() => {
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                Err(first.trim_start_matches("error: ").to_owned())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn accepts_what_can_be_typed_and_nothing_else() {
        for line in [
            "test",
            "test -p pilotage-judge -- naive",
            "env up small-disk",
            "bench --json",
            "release plan --json",
            "ci --help",
        ] {
            assert_eq!(Cli::accepts(&line.split(' ').collect::<Vec<_>>()), Ok(()), "{line}");
        }
        for line in ["tset", "env", "env up no-such-system", "test naive", "ci now"] {
            assert!(Cli::accepts(&line.split(' ').collect::<Vec<_>>()).is_err(), "{line}");
        }
    }
}
