//! Two releases at once, a hundred times: what a round costs, and that each version has one claimant.
//!
//! It is the test of the crate with more rounds than a test run has time for.

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::stopwatch::Stopwatch;

use xtask::here::Here;

const RACE: &str = "races::in_many_rounds_each_version_is_claimed_exactly_once";
const ROUNDS: u32 = 100;

/// Races for versions.
#[derive(Debug)]
pub(crate) struct Release<'a> {
    /// Where it is built.
    pub here: &'a Here,
}

impl Bench for Release<'_> {
    fn name(&self) -> &'static str {
        "release"
    }

    fn about(&self) -> &'static str {
        "two releases on one remote at the same instant, 100 rounds: each version is claimed once"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let test = || self.here.cargo("test").args(["-p", "pilotage-release", "--test", "release"]);
        test().args(["--no-run", "--quiet"]).output()?;
        let watch = Stopwatch::start();
        let race = test().args(["--", "--exact", RACE]);
        let said = race.env("PILOTAGE_RACE_ROUNDS", ROUNDS.to_string()).output()?;
        if !said.contains("1 passed") {
            let (what, why) = (RACE.into(), "it was not run".into());
            return Err(Error::Malformed { what, why, hint: "is it named otherwise now?" });
        }
        let ours = watch.elapsed().as_secs_f64() / f64::from(ROUNDS);
        let measure = Measure { unit: "s, mean", ours };
        Ok(vec![Line::new(self.name(), "round of two releases", measure, Peer::None, Bar::None)])
    }
}
