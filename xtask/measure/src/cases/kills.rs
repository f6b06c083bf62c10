//! What becomes of deploys that are killed at random instants.

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line};
use rehearsal::kills::Figures;

use super::traffic::{line, lines};
use crate::rehearse::Built;
use xtask::here::Here;

/// Kills deploys with SIGKILL, and has another process resume or abort them.
#[derive(Debug)]
pub(crate) struct Kills<'a> {
    /// Where it is built.
    pub here: &'a Here,
    /// How many kills.
    pub count: u32,
}

impl Bench for Kills<'_> {
    fn name(&self) -> &'static str {
        "kills"
    }

    fn about(&self) -> &'static str {
        "deploys killed at random instants under load, then resumed or aborted"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let arguments = ["kills".into(), "--count".into(), self.count.to_string()];
        let figures: Figures = Built::by(self.here)?.rehearse(&arguments)?;
        Ok(self.lines(&figures))
    }
}

impl Kills<'_> {
    fn lines(&self, figures: &Figures) -> Vec<Line> {
        let Figures { kills, under_way, old, new, ref sums, seed: _ } = *figures;
        let told = |case, ours: u32, bar| line(self.name(), case, "deploys", ours.into(), bar);
        let head = [
            told("killed", kills, Bar::None),
            told("with a run under way", under_way, Bar::None),
            told("ended wholly old", old, Bar::None),
            told("ended wholly new", new, Bar::None),
            told("ended otherwise", kills - old - new, Bar::OursAtMost(0.0)),
        ];
        head.into_iter().chain(lines(self.name(), sums)).collect()
    }
}
