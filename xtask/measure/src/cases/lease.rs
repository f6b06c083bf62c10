//! What a lease costs in each store, and what it survives.
//!
//! `--model` explores every interleaving of the protocol; `--chaos` tortures real processes on a
//! real store. Both run protocols that are broken on purpose as well, and call themselves too weak
//! when they do not notice.

mod aws;
mod chaos;
mod counted;
mod model;
mod stores;
pub(crate) mod worker;

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bench, Line};

use xtask::here::Here;

pub(crate) use stores::DATABASES;

/// What to do beside measuring what a lease costs.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// With `lease`: explore every interleaving of the protocol instead, for some minutes
    #[arg(long, requires = "name", conflicts_with = "chaos")]
    model: bool,
    /// With `lease`: torture processes on a real store instead
    #[arg(long, requires = "name")]
    chaos: bool,
    /// How many minutes of torture; the broken protocols run until they lose something, 10 at most each
    #[arg(long, default_value_t = 10, requires = "chaos")]
    minutes: u32,
    /// Seconds of torture instead of minutes, in files, and with one broken protocol alone
    #[arg(long, hide = true, requires = "chaos")]
    seconds: Option<u32>,
}

/// The lease.
#[derive(Debug)]
pub(crate) struct Lease<'a> {
    pub(crate) here: &'a Here,
    pub(crate) options: &'a Options,
}

impl Bench for Lease<'_> {
    fn name(&self) -> &'static str {
        "lease"
    }

    fn about(&self) -> &'static str {
        "taking and giving up a lease, in calls and milliseconds, in each store"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let Options { model, chaos, minutes, seconds } = self.options;
        match (model, chaos) {
            (true, _) => Ok(model::run()),
            (_, true) => match seconds {
                Some(seconds) => chaos::briefly(self.here, *seconds),
                None => chaos::run(self.here, minutes.saturating_mul(60)),
            },
            _ => stores::run(self.here),
        }
    }
}
