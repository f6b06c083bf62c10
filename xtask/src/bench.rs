//! `cargo xtask bench`: every measured case beside its peer, held to its bar.
//!
//! A bench is a file under `benches/` that implements [`Bench`], and a line in [`run`].

use pilotage_xtask::bench::{self, Bench, Style, Verdict};
use pilotage_xtask::terminal;

use crate::benches;
use crate::failure::Failure;
use crate::here::Here;

/// What to measure and how to print it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this bench
    name: Option<String>,
    /// One JSON object for each case, also on a terminal
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    lease: benches::lease::Options,
}

/// Measures, prints, and fails where a bar is missed.
pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let tidy = benches::tidy::Tidy { root: &here.root };
    let lease = benches::lease::Lease { here, options: &args.lease };
    let all: [&dyn Bench; 4] = [&benches::judge::Judge, &lease, &benches::sim::Sim, &tidy];
    let style = if args.json { Style::Json } else { Style::Table };
    match bench::run(&all, args.name.as_deref(), style, &mut |line| terminal::say(line))? {
        Verdict::Met => Ok(()),
        Verdict::Missed(cases) => Err(Failure::Bars(cases)),
        Verdict::Unknown(known) => {
            Err(Failure::NoBench { wanted: args.name.clone().unwrap_or_default(), known })
        }
    }
}
