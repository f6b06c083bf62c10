//! `cargo xtask bench`: every measured case beside its peer, held to its bar.
//!
//! A bench is a file under `cases/` that implements [`Bench`], and a line in [`run`].

use pilotage_xtask::bench::{self, Bench, Style, Verdict};
use pilotage_xtask::terminal;

use crate::cases;
use crate::failure::Failure;
use xtask::here::Here;

/// Cutovers, if no other number is asked for.
const CUTOVERS: u32 = 100;
/// Kills, if no other number is asked for.
const KILLS: u32 = 200;

/// Jobs of migrations that are killed in each database, if no other number is asked for.
const MIGRATIONS: u32 = 50;

/// What to measure and how to print it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this bench
    name: Option<String>,
    /// How many cutovers or kills
    #[arg(long, alias = "kills", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: Option<u32>,
    /// One JSON object for each case, also on a terminal
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    lease: cases::lease::Options,
    /// Also what takes gigabytes of disk and minutes
    #[arg(long)]
    big: bool,
}

/// Measures, prints, and fails where a bar is missed.
pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let tidy = cases::tidy::Tidy { root: &here.root };
    let lease = cases::lease::Lease { here, options: &args.lease };
    let cutover = cases::cutover::Cutover { here, count: args.count.unwrap_or(CUTOVERS) };
    let kills = cases::kills::Kills { here, count: args.count.unwrap_or(KILLS) };
    let migrate = cases::migrate::Migrate { here, count: args.count.unwrap_or(MIGRATIONS) };
    let (proxy, startup) = (cases::proxy::Proxy { here }, cases::startup::Startup { here });
    let image = cases::image::Image { here, is_big: args.big };
    let all: &[&dyn Bench] = &[
        &cases::judge::Judge,
        &cases::sim::Sim,
        &tidy,
        &startup,
        &proxy,
        &cutover,
        &kills,
        &migrate,
        &image,
        &lease,
        &cases::version::Version { here },
        &cases::release::Release { here },
        &cases::lint::Lint { host: &here.host },
        &cases::redact::Redact,
        &cases::scan::Scan { here },
        &cases::secret::Secret { here },
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
