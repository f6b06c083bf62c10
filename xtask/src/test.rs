//! `cargo xtask test`: all tests, with every real system that can be had.

use std::path::Path;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::skipped::{self, Skipped};
use pilotage_xtask::system::{Lab, Ledger};
use pilotage_xtask::tally::Tally;
use pilotage_xtask::{Error, terminal};

use crate::env;
use crate::failure::Failure;
use crate::here::Here;
use crate::systems;

/// What to test.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// Test this crate only; may be repeated
    #[arg(short, long = "package", value_name = "CRATE")]
    packages: Vec<String>,
    /// Passed on to the test harness, such as part of a test's name
    #[arg(last = true, value_name = "HARNESS ARGS")]
    harness: Vec<String>,
}

/// Runs the tests and prints the closing line.
pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let tally = count(here, args)?;
    terminal::say(format!("\n{tally}"))?;
    if tally.has_failures() { Err(Failure::Tests(tally)) } else { Ok(()) }
}

/// Runs the tests, everything but the closing line.
pub(crate) fn count(here: &Here, args: &Args) -> Result<Tally, Failure> {
    let workspace = Workspace::load(&here.root)?;
    let mut ledger = Ledger::open(&env::ledger(&workspace))?;
    let lab = Lab::up(systems::ALL, &here.host, &mut ledger)?;
    say_statuses(&lab)?;

    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let told = folder.path().join("skipped.tsv");
    let (tally, succeeded) = tests(&cargo(here, args, &lab, &told))?;

    let skipped = skipped::read(&told)?;
    say_skipped(&skipped)?;
    lab.down()?;
    Ok(tally.close(succeeded, skipped.len()))
}

fn cargo(here: &Here, args: &Args, lab: &Lab<'_>, told: &Path) -> Cmd {
    let scope = match args.packages.as_slice() {
        [] => vec!["--workspace".to_owned()],
        some => some.iter().flat_map(|name| ["--package".to_owned(), name.clone()]).collect(),
    };
    let cargo = here.cargo("test").args(["--no-fail-fast"]).args(scope);
    let harness = args.harness.first().map(|_| "--".to_owned()).into_iter();
    let cargo = cargo.args(harness.chain(args.harness.iter().cloned()));
    let cargo = cargo.env(skipped::VARIABLE, told.display().to_string());
    lab.variables().into_iter().fold(cargo, |cargo, (name, value)| cargo.env(name, value))
}

fn tests(cargo: &Cmd) -> Result<(Tally, bool), Error> {
    let mut tally = Tally::default();
    let succeeded = cargo.each_line(|line| {
        tally.hear(line);
        terminal::say(line)
    })?;
    Ok((tally, succeeded))
}

fn say_statuses(lab: &Lab<'_>) -> Result<(), Error> {
    lab.statuses().iter().try_for_each(|status| terminal::say(status.to_string()))
}

fn say_skipped(skipped: &[Skipped]) -> Result<(), Error> {
    let line = |Skipped { test, system, reason }: &Skipped| {
        terminal::say(format!("skipped: {test}: {system}: {reason}"))
    };
    skipped.iter().try_for_each(line)
}
