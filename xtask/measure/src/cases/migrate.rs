//! What becomes of migrations whose jobs are killed at random instants, in real databases.

use pilotage_xtask::bench::{Bar, Bench, Line};
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::system::{Lab, Ledger};
use pilotage_xtask::{Error, terminal};
use rehearsal::migrations::Figures;

use super::lease::DATABASES;
use super::traffic::line;
use crate::rehearse::Built;
use xtask::env;
use xtask::here::Here;
use xtask::systems;

/// Kills the jobs with SIGKILL, and has another one follow each.
#[derive(Debug)]
pub(crate) struct Migrate<'a> {
    /// Where it is built.
    pub here: &'a Here,
    /// How many kills in each database.
    pub count: u32,
}

impl Bench for Migrate<'_> {
    fn name(&self) -> &'static str {
        "migrate"
    }

    fn about(&self) -> &'static str {
        "migrations of real databases, whose jobs are killed at random instants"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let built = Built::by(self.here)?;
        let is_wanted = |name: &str| DATABASES.iter().any(|(system, _)| *system == name);
        let wanted = systems::ALL.iter().copied().filter(|system| is_wanted(system.name()));
        let mut ledger = Ledger::open(&env::ledger(&Workspace::load(&self.here.root)?))?;
        let lab = Lab::up(&wanted.collect::<Vec<_>>(), &self.here.host, &mut ledger)?;
        lab.statuses().iter().for_each(|status| terminal::note(status.to_string()));
        let lines = self.all(&built, &lab);
        lab.down().and(lines)
    }
}

impl Migrate<'_> {
    fn all(&self, built: &Built, lab: &Lab<'_>) -> Result<Vec<Line>, Error> {
        let (variables, mut lines) = (lab.variables(), Vec::new());
        for (system, variable) in DATABASES {
            let Some(address) = variables.get(variable) else { continue };
            let count = self.count.to_string();
            // The server is in the network of this machine.
            let arguments = ["--here", "migrations", "--address", address, "--count", &count];
            let figures = built.rehearse(&arguments.map(ToOwned::to_owned))?;
            lines.extend(self.lines(system, &figures));
        }
        Ok(lines)
    }

    fn lines(&self, system: &str, figures: &Figures) -> Vec<Line> {
        let Figures { kills, under_way, attached, migrations, once, left, seed: _ } = *figures;
        let told = |case: &str, unit, ours: u32, bar| {
            line(self.name(), &format!("{system}: {case}"), unit, ours.into(), bar)
        };
        vec![
            told("killed", "jobs", kills, Bar::None),
            told("killed while a worker was at it", "jobs", under_way, Bar::None),
            told("attached to a worker", "jobs", attached, Bar::None),
            told("not applied exactly once", "migrations", migrations - once, Bar::OursAtMost(0.0)),
            told("locks or sessions left", "jobs", left, Bar::OursAtMost(0.0)),
        ]
    }
}
