//! How the opinions of a panel's rules become one judgement.
//!
//! A critical rule that fails fails the panel, and one that is undecided keeps it open. Weighted
//! rules add up to a score: what passed, of all their weight. What is undecided is not yet passed,
//! so missing data never lifts a score, and not yet failed, so it does not fail the panel either.

use crate::counts::as_float;
use crate::doubt::{Cause, Doubt};
use crate::finding::{Failure, Finding};
use crate::judgement::Judgement;
use crate::metric::MetricName;
use crate::panel::Marks;
use crate::rule::{Importance, Opinion, Rule};

/// The opinions of the rules, on their way to a judgement.
#[derive(Debug, Default)]
pub(crate) struct Ballot {
    failed: Option<Failure>,
    failed_weighted: Option<(MetricName, Finding)>,
    undecided: Option<(Option<u64>, Doubt)>,
    undecided_weighted: Option<(Option<u64>, Doubt)>,
    passed_weight: u64,
    failed_weight: u64,
    all_weight: u64,
}

impl Ballot {
    pub(crate) fn cast(&mut self, rule: &Rule, opinion: Opinion) {
        match rule.importance {
            Importance::Critical => self.cast_critical(&rule.metric, opinion),
            Importance::Weight(weight) => {
                self.cast_weighted(&rule.metric, u64::from(weight.get()), opinion);
            }
        }
    }

    fn cast_critical(&mut self, metric: &MetricName, opinion: Opinion) {
        match opinion {
            Opinion::Sound => {}
            Opinion::Worse(finding) => {
                let metric = metric.clone();
                self.failed.get_or_insert(Failure::Metric { metric, finding });
            }
            Opinion::Unsure { needed, cause } => {
                keep_longest(&mut self.undecided, needed, metric, cause);
            }
        }
    }

    fn cast_weighted(&mut self, metric: &MetricName, weight: u64, opinion: Opinion) {
        self.all_weight += weight;
        match opinion {
            Opinion::Sound => self.passed_weight += weight,
            Opinion::Worse(finding) => {
                self.failed_weight += weight;
                self.failed_weighted.get_or_insert_with(|| (metric.clone(), finding));
            }
            Opinion::Unsure { needed, cause } => {
                keep_longest(&mut self.undecided_weighted, needed, metric, cause);
            }
        }
    }

    pub(crate) fn judge(self, looks: u64, marks: Marks) -> Judgement {
        let best_percent = self.percent(self.all_weight - self.failed_weight);
        let score_percent = self.percent(self.passed_weight);
        if let Some(reason) = self.failed {
            return Judgement::Fail { reason };
        }
        if let Some((metric, finding)) = self.failed_weighted
            && best_percent < f64::from(marks.marginal_percent)
        {
            let marginal_percent = marks.marginal_percent;
            let reason = Failure::Score { best_percent, marginal_percent, metric, finding };
            return Judgement::Fail { reason };
        }
        let pass_percent = marks.pass_percent;
        let enough = score_percent >= f64::from(pass_percent);
        let undecided = self.undecided.or(self.undecided_weighted.filter(|_| !enough));
        match undecided {
            Some((needed, why)) => Judgement::Undecided { needed, why },
            None if enough => Judgement::Pass { looks },
            None => Judgement::Undecided {
                needed: None,
                why: Doubt::Score { score_percent, pass_percent },
            },
        }
    }

    /// A part of the weight in percent; a panel without weighted rules has a full score.
    fn percent(&self, weight: u64) -> f64 {
        if self.all_weight == 0 {
            return 100.0;
        }
        100.0 * as_float(weight) / as_float(self.all_weight)
    }
}

/// Keeps the doubt that will take longest: one that cannot be foretold before any that can.
fn keep_longest(
    kept: &mut Option<(Option<u64>, Doubt)>,
    needed: Option<u64>,
    metric: &MetricName,
    cause: Cause,
) {
    let length = |needed: Option<u64>| needed.unwrap_or(u64::MAX);
    let longer = kept.as_ref().is_none_or(|(longest, _)| length(needed) > length(*longest));
    if longer {
        *kept = Some((needed, Doubt::Metric { metric: metric.clone(), cause }));
    }
}
