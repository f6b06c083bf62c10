//! `cargo xtask bench`: every measured case beside its peer, held to its bar.
//!
//! A bench is a file under `benches/` that implements [`Bench`], and a line in [`run`].

use pilotage_xtask::bench::{self, Bench, Style, Verdict};
use pilotage_xtask::terminal;

use crate::benches;
use crate::failure::Failure;
use crate::here::Here;

/// Cutovers, if no other number is asked for.
const CUTOVERS: u32 = 100;
/// Kills, if no other number is asked for.
const KILLS: u32 = 200;

/// What to measure and how to print it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this bench
    name: Option<String>,
    /// How many cutovers or kills
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: Option<u32>,
    /// One JSON object for each case, also on a terminal
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    lease: benches::lease::Options,
    /// Also what takes gigabytes of disk and minutes
    #[arg(long)]
    big: bool,
}

/// Measures, prints, and fails where a bar is missed.
pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let tidy = benches::tidy::Tidy { root: &here.root };
    let lease = benches::lease::Lease { here, options: &args.lease };
    let cutover = benches::cutover::Cutover { here, count: args.count.unwrap_or(CUTOVERS) };
    let kills = benches::kills::Kills { here, count: args.count.unwrap_or(KILLS) };
    let (proxy, startup) = (benches::proxy::Proxy { here }, benches::startup::Startup { here });
    let image = benches::image::Image { here, is_big: args.big };
    let all: &[&dyn Bench] = &[
        &benches::judge::Judge,
        &benches::sim::Sim,
        &tidy,
        &startup,
        &proxy,
        &cutover,
        &kills,
        &image,
        &lease,
        &benches::version::Version { here },
        &benches::lint::Lint { host: &here.host },
        &benches::redact::Redact,
    ];
    let style = if args.json { Style::Json } else { Style::Table };
    match bench::run(all, args.name.as_deref(), style, &mut |line| terminal::say(line))? {
        Verdict::Met => Ok(()),
        Verdict::Missed(cases) => Err(Failure::Bars(cases)),
        Verdict::Unknown(known) => {
            Err(Failure::NoBench { wanted: args.name.clone().unwrap_or_default(), known })
        }
    }
}
