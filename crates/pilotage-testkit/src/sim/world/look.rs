//! What the target looks like from outside.

use pilotage_judge::{Counts, Reading};
use pilotage_rollout::target::{Group, ReadFailure, Schema};
use pilotage_rollout::{Observation, Share, Span};

use super::{Database, Units, World};
use crate::sim::choices::Choices;
use crate::sim::label::Label;

/// Requests take this long to finish, and twice the drain deadline when they are slow.
const REQUEST: Span = Span::from_secs(7);

/// Whether the judge can learn anything from this reading.
pub fn has_data(reading: &Reading) -> bool {
    match reading {
        Reading::Ratio { stable, candidate } => stable.total() > 0 && candidate.total() > 0,
        Reading::Gauge { stable, candidate } => stable.is_finite() && candidate.is_finite(),
        Reading::Missing { .. } => false,
    }
}

impl World {
    /// Reads the target, or fails to.
    pub fn observe(&mut self, choices: &mut Choices) -> Result<Observation, ReadFailure> {
        match choices.pick(Label::Read) {
            1 => {
                let reason = String::from("throttled");
                Err(ReadFailure::Unavailable { reason, retry_after: None })
            }
            2 => {
                self.seen.old_answers += 1;
                Ok(self.as_it_was())
            }
            3 => {
                let slow = self.now + Span::from_secs(3);
                self.advance(slow, choices);
                Ok(self.snapshot())
            }
            _ => Ok(self.snapshot()),
        }
    }

    /// Reads the migrations, or fails to.
    pub fn inspect(&self, choices: &mut Choices) -> Result<Schema, ReadFailure> {
        if choices.pick(Label::Read) == 1 {
            let reason = String::from("connection refused");
            return Err(ReadFailure::Unavailable { reason, retry_after: None });
        }
        Ok(match self.schema {
            Database::Old => Schema::Absent,
            Database::Migrating { .. } => Schema::Applying,
            Database::New => Schema::Applied,
            Database::Dirty => Schema::Dirty { reason: "statement 3 failed".into() },
        })
    }

    /// Whether a smoke check passes.
    pub fn smoke(&mut self, choices: &mut Choices) -> bool {
        let picked = choices.pick(Label::Smoke);
        self.nuisances.smokes = picked == 2 || self.nuisances.smokes && !choices.is_quiet();
        picked == 0 && !self.nuisances.smokes
    }

    /// One reading of the error ratio on both sides.
    pub fn measure(&mut self, choices: &mut Choices) -> Reading {
        let (candidate, stable) = (20_000, 200_000);
        let counts = |errors, requests| Counts::new(errors, requests).ok();
        let errors = self.new.errors_of(candidate);
        let picked = choices.pick(Label::Metrics);
        self.nuisances.metrics_are_gone =
            picked == 1 || self.nuisances.metrics_are_gone && !choices.is_quiet();
        let readings = match picked {
            _ if self.nuisances.metrics_are_gone => None,
            2 => counts(0, 0).zip(counts(0, 0)),
            3 => counts(stable / 10, stable).zip(counts(candidate / 10, candidate)),
            _ => counts(stable / 1_000, stable).zip(counts(errors, candidate)),
        };
        match readings {
            Some((stable, candidate)) => Reading::Ratio { stable, candidate },
            None => Reading::Missing { reason: "the query returned nothing".into() },
        }
    }

    /// What it looks like right now.
    pub fn snapshot(&self) -> Observation {
        let mut groups = Vec::with_capacity(3);
        if self.has_old {
            groups.push(self.group(&self.old, self.old_share()));
        }
        if self.new.desired() > 0 || self.router.gives > Share::NONE {
            groups.push(self.group(&self.new, self.router.gives));
        }
        if let Some(stranger) = &self.stranger {
            groups.push(self.group(stranger, Share::NONE));
        }
        let delegation = self.platform.says(&self.old.release.id, &self.new.release.id);
        Observation { fence: self.fence, incarnation: self.incarnation, groups, delegation }
    }

    fn group(&self, units: &Units, share: Share) -> Group {
        let requests = if self.nuisances.slow_requests { REQUEST * 100 } else { REQUEST };
        let busy = share > Share::NONE || self.now < units.idle_since + requests;
        Group {
            release: units.release.clone(),
            desired: units.desired(),
            ready: units.ready(self.now),
            restarts: units.restarts(self.now),
            in_flight: self.physics.counts_requests.then_some(u32::from(busy)),
            share,
            failing: units.failing(self.now),
        }
    }

    /// Keeps what it looks like before a change, for reads that are old.
    pub(super) fn remember(&mut self) {
        if self.physics.can.lag > Span::ZERO {
            let seen = self.snapshot();
            self.past.push((self.now, seen));
        }
    }

    /// The oldest state that a read may still show.
    fn as_it_was(&self) -> Observation {
        let lag = self.physics.can.lag;
        let recent = self.past.iter().find(|(until, _)| self.now.since(*until) < lag);
        recent.map_or_else(|| self.snapshot(), |(_, seen)| seen.clone())
    }
}
