//! A scenario: the traffic and the truth that a trial is about.

use crate::counts::Counts;
use crate::trial::random::Random;

/// The traffic of both tracks and what is true of them. One look is one interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// The event rate of the stable version.
    pub stable_rate: f64,
    /// The candidate's event rate divided by the stable one.
    pub rate_ratio: f64,
    /// Requests to the candidate in each look.
    pub candidate_per_look: u64,
    /// Requests to the stable version in each look.
    pub stable_per_look: u64,
    /// How many looks are taken.
    pub looks: u32,
}

impl Scenario {
    /// The counts of each look, stable before candidate: a function of scenario and seed.
    pub fn intervals(self, seed: u64) -> impl Iterator<Item = (Counts, Counts)> {
        // The tracks draw from sources of their own, so that a change of one leaves the other.
        let mut seeds = Random::new(seed);
        let mut stable = Random::new(seeds.bits());
        let mut candidate = Random::new(seeds.bits());
        let candidate_rate = self.stable_rate * self.rate_ratio;
        (0..self.looks).map(move |_| {
            let stable = draw(&mut stable, self.stable_per_look, self.stable_rate);
            (stable, draw(&mut candidate, self.candidate_per_look, candidate_rate))
        })
    }
}

fn draw(random: &mut Random, total: u64, rate: f64) -> Counts {
    Counts::new(random.events(total, rate), total).unwrap_or(Counts::NONE)
}
