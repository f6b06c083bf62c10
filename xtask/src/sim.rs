//! `cargo xtask sim`: the simulator from the command line.
//!
//! A few lines over the testkit; everything that is worth testing is there.

use clap::Parser;
use pilotage_testkit::sim::explore::swarm;
use pilotage_xtask::terminal::say;

use crate::failure::Failure;

/// What to simulate.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// How many random runs to make
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    #[arg(long, default_value_t = 0)]
    from: u64,
    #[arg(long)]
    tape: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(tape) = &args.tape {
        let tape: pilotage_testkit::sim::Tape = tape
            .parse()
            .map_err(|e| {
                let _ = say(format!("{e}"));
            })
            .unwrap_or_else(|()| std::process::abort());
        let mut story = vec![];
        let (ended, ..) = pilotage_testkit::sim::trial(
            &tape.scenario,
            pilotage_testkit::sim::Choices::tape(&tape.deviations),
            None,
            Some(&mut story),
        );
        for l in story {
            say(l)?;
        }
        say(format!("{ended:?}"))?;
        return Ok(());
    }
    let mut fails = 0;
    let mut events = 0;
    for seed in args.from..args.from + args.seeds {
        let (failure, stats, _) = swarm::seeded(seed);
        events += stats.events;
        if let Some(failure) = failure {
            fails += 1;
            if fails < 12 {
                say(format!("{seed} {} {}", failure.violation, failure.tape))?;
            }
        }
    }
    say(format!("{} runs {} events {fails} violations", args.seeds, events))?;
    Ok(())
}
