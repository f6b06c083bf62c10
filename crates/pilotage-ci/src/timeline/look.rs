//! What the judge saw and said.

use core::fmt::{self, Display, Formatter};

use pilotage_judge::{Judgement, MetricName, Reading};
use pilotage_rollout::gate::{Gate, Judging};
use pilotage_rollout::run::{Holding, Phase, Progress, Stage};
use pilotage_rollout::{Moment, Run};

use super::LONGEST_TEXT;
use crate::text::one_line;

/// One look of the judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// When.
    pub at: Moment,
    /// What each metric showed.
    pub seen: Vec<Seen>,
    /// What the judge made of it.
    pub judgement: Judgement,
    /// The same in words, cleaned.
    pub words: String,
}

/// What one metric showed in one look.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Which.
    pub metric: MetricName,
    /// Whether the values are rates, between zero and one.
    pub is_rate: bool,
    /// Of the stable release, where something usable was read.
    pub stable: Option<f64>,
    /// Of the candidate.
    pub candidate: Option<f64>,
}

impl Look {
    /// What the judge makes of these readings, if the run asked it.
    pub(super) fn of(before: &Run, at: Moment, readings: &[Reading]) -> Option<Self> {
        let (holding, judging) = judging(before)?;
        let Progress::Judging { evidence, .. } = &holding.progress else { return None };
        let (evidence, judgement) = judging.panel.weigh(evidence.clone(), readings).ok()?;
        let is_over = at.since(holding.since) >= judging.horizon;
        let is_open = matches!(judgement, Judgement::Undecided { .. });
        let judgement =
            if is_over && is_open { judging.panel.conclude(&evidence) } else { judgement };
        let rules = judging.panel.rules().iter();
        let seen = rules.zip(readings).map(|(rule, reading)| Seen::of(&rule.metric, reading));
        let words = one_line(&judgement.to_string(), LONGEST_TEXT);
        Some(Self { at, seen: seen.collect(), judgement, words })
    }
}

fn judging(run: &Run) -> Option<(&Holding, &Judging)> {
    let Phase::Working(work) = run.phase() else { return None };
    let Stage::Holding(holding) = &work.stage else { return None };
    match run.plan().ramp.gates(holding.at.step).get(holding.at.gate)? {
        Gate::Judge(judging) => Some((holding, judging)),
        Gate::Soak(_) | Gate::Smoke(_) | Gate::Manual(_) => None,
    }
}

impl Seen {
    fn of(metric: &MetricName, reading: &Reading) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        let (stable, candidate) = match reading {
            Reading::Ratio { stable, candidate } => (stable.rate(), candidate.rate()),
            Reading::Gauge { stable, candidate } => (finite(*stable), finite(*candidate)),
            Reading::Missing { .. } => (None, None),
        };
        let is_rate = matches!(reading, Reading::Ratio { .. });
        Self { metric: metric.clone(), is_rate, stable, candidate }
    }
}

impl Display for Seen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let show = |value: Option<f64>| match value {
            Some(rate) if self.is_rate => format!("{:.2} %", rate * 100.0),
            Some(value) => format!("{value:.3}"),
            None => "no value".to_owned(),
        };
        let (stable, candidate) = (show(self.stable), show(self.candidate));
        write!(f, "{}: candidate {candidate}, stable {stable}", self.metric)
    }
}
