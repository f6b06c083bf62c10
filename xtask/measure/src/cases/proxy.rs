//! The built-in proxy beside NGINX.

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use rehearsal::proxy::{Figures, Speed};

use super::traffic::line;
use crate::rehearse::Built;
use xtask::here::Here;

const LEAST_RATIO: f64 = 0.8;

/// Measures both on one core each, round by round, with the same load and the same unit behind.
#[derive(Debug)]
pub(crate) struct Proxy<'a> {
    /// Where it is built.
    pub here: &'a Here,
}

impl Bench for Proxy<'_> {
    fn name(&self) -> &'static str {
        "proxy"
    }

    fn about(&self) -> &'static str {
        "the built-in proxy beside NGINX, one worker each, 32 connections, medians of five rounds"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let figures: Figures = Built::by(self.here)?.rehearse(&["proxy".into()])?;
        Ok(self.lines(&figures))
    }
}

impl Proxy<'_> {
    fn lines(&self, figures: &Figures) -> Vec<Line> {
        let Figures { ours, theirs, ratio, version, direct } = figures;
        let beside = |case, unit, of: fn(&Speed) -> f64| {
            let peer = Peer::Measured { name: version.clone(), theirs: of(theirs) };
            Line::new(self.name(), case, Measure { unit, ours: of(ours) }, peer, Bar::None)
        };
        let least = Bar::OursAtLeast(LEAST_RATIO);
        let per_second = direct.per_second;
        vec![
            beside("throughput", "requests/s", |speed| speed.per_second),
            beside("p50", "us", |speed| speed.p50_micros.into()),
            beside("p99", "us", |speed| speed.p99_micros.into()),
            line(self.name(), "throughput, round by round", "of NGINX's", *ratio, least),
            line(self.name(), "the unit without a proxy", "requests/s", per_second, Bar::None),
        ]
    }
}
