//! `cargo xtask sim`: the simulator from the command line.
//!
//! A few lines over the testkit; everything that is worth testing is there.

use clap::Parser;
use pilotage_testkit::sim::explore::{Hunt, Report, exhaust, hunt, swarm, tell};
use pilotage_testkit::sim::{Bug, Tape};
use pilotage_xtask::stopwatch::{Stopwatch, human};
use pilotage_xtask::terminal::say;

use crate::failure::Failure;
use xtask::here::cores;

/// Runs after which every coverage mark must have been hit.
const REPRESENTATIVE: u64 = 200_000;

/// Random runs if nothing else is said.
const USUAL: u64 = 100_000;

/// What to simulate.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// How many random runs to make [default: 100000]
    #[arg(long, value_name = "N")]
    seeds: Option<u64>,
    /// Make the one run of this seed, or begin with it if `--seeds` is given
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Make every run with one fault, with one or two deaths, and with a death and a fault
    #[arg(long, conflicts_with_all = ["seed", "tape", "plants"])]
    exhaustive: bool,
    /// Replay a tape and tell what happens in it
    #[arg(long, value_name = "TAPE")]
    tape: Option<Tape>,
    /// Plant a bug
    #[arg(long, value_name = "NAME")]
    plant: Option<Bug>,
    /// Plant every bug in turn and say how many runs it takes to catch it
    #[arg(long, conflicts_with_all = ["plant", "tape"])]
    plants: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    match (&args.tape, args.plants) {
        (Some(tape), _) => replay(tape, args.plant),
        (None, true) => plants(),
        (None, false) => explore(args),
    }
}

fn replay(tape: &Tape, bug: Option<Bug>) -> Result<(), Failure> {
    let story = tell(tape, bug);
    let failed = story.last().is_some_and(|line| line.starts_with("violation"));
    story.iter().try_for_each(say)?;
    if failed { Err(Failure::Violations { violations: 1 }) } else { Ok(()) }
}

fn explore(args: &Args) -> Result<(), Failure> {
    let watch = Stopwatch::start();
    let report = if args.exhaustive {
        exhaust(args.plant)
    } else {
        let (first, count) = seeds(args);
        swarm(first..first.saturating_add(count), args.plant)
    };
    let took = watch.elapsed();
    let rate = report.rate(took, cores());
    say(format!("speed             {rate} runs a second and core, {}", human(took)))?;
    say(report.to_string())?;
    judge(&report, args.plant.is_none())
}

/// `--seed` alone is one run; with `--seeds` it is where to begin.
fn seeds(args: &Args) -> (u64, u64) {
    match (args.seed, args.seeds) {
        (Some(seed), None) => (seed, 1),
        (seed, count) => (seed.unwrap_or(0), count.unwrap_or(USUAL)),
    }
}

fn judge(report: &Report, sound: bool) -> Result<(), Failure> {
    if report.violations > 0 {
        return Err(Failure::Violations { violations: report.violations });
    }
    let missed = report.marks.missed();
    if sound && report.runs >= REPRESENTATIVE && !missed.is_empty() {
        let marks = missed.iter().map(|mark| mark.text()).collect();
        return Err(Failure::MarksMissed { marks });
    }
    Ok(())
}

fn plants() -> Result<(), Failure> {
    let mut loose = Vec::new();
    for bug in Bug::ALL {
        let found = hunt(*bug);
        say(caught(&found))?;
        if found.caught.is_none() {
            loose.push(bug.name());
        }
    }
    say(format!("{} bugs planted, {} not caught", Bug::ALL.len(), loose.len()))?;
    if loose.is_empty() { Ok(()) } else { Err(Failure::Loose { bugs: loose }) }
}

fn caught(found: &Hunt) -> String {
    let Hunt { bug, runs, caught } = found;
    let by = match caught {
        Some(failure) => format!("caught after {runs:>6} runs by {}", failure.violation.invariant),
        None => format!("NOT CAUGHT in {runs} runs"),
    };
    format!("{:<22} {by:<34} {}", bug.name(), bug.about())
}
