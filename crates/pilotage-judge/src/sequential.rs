//! The sequential judge: compares the event rates of two versions, at any number of looks.
//!
//! Two e-processes run side by side (see the module `eprocess` for their proof): one against "the
//! candidate's rate is at most `1 + tolerated_increase_ratio` times the stable one", which aborts,
//! and its mirror against "it is at least `bad_rate_ratio` times the stable one", which passes.
//! Between the two lies a zone of candidates that are a little worse, on which neither may arrive.
//!
//! A service without any error never moves either process. With `harmless_rate` a third one
//! passes the candidate if its own rate is shown to lie under a rate that nobody minds.

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::doubt::{Cause, Track};
use crate::eprocess::{Mixture, RateTest, RatioTest, Side};
use crate::finding::Finding;
use crate::reading::Reading;
use crate::risk::Risk;
use crate::rule::Opinion;

/// Larger ratios mean nothing, and would leave the range in which the evidence is exact.
const LARGEST_RATIO: f64 = 1_000.0;

/// The settings of a [`Sequential`] judge, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SequentialOptions {
    /// The relative increase of the event rate that is tolerated: 0.1 tolerates 10 % more.
    pub tolerated_increase_ratio: f64,
    /// The rate ratio that must be ruled out before a pass: 2 rules out twice the rate.
    pub bad_rate_ratio: f64,
    /// The accepted probability of passing a candidate that is as bad as that.
    pub missed_regression_risk: Risk,
    /// The requests that the candidate must have served in this step before a pass.
    pub min_candidate_requests: u64,
    /// An event rate that nobody minds: shown to be under it, the candidate passes as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harmless_rate: Option<f64>,
}

impl Default for SequentialOptions {
    fn default() -> Self {
        Self {
            tolerated_increase_ratio: 0.0,
            bad_rate_ratio: 2.0,
            missed_regression_risk: Risk::FIVE_PERCENT,
            min_candidate_requests: 100,
            harmless_rate: None,
        }
    }
}

/// Compares event rates; valid at any number of looks.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "SequentialOptions", into = "SequentialOptions")]
pub struct Sequential(SequentialOptions);

/// Settings with which the sequential judge could not decide, or not correctly.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSequential {
    /// The tolerated increase is not a number of 0 or more.
    #[error("`tolerated_increase_ratio` is {0}: give 0 or more, for example 0.1 to tolerate 10 %")]
    Tolerated(f64),
    /// What is tolerated and what is bad overlap, or the latter is beyond measure.
    #[error(
        "`bad_rate_ratio` is {bad}: give more than {tolerated}, which is 1 plus \
         `tolerated_increase_ratio`, and at most {LARGEST_RATIO}, for example 2"
    )]
    Bad {
        /// The ratio that would be bad.
        bad: f64,
        /// The ratio that is tolerated.
        tolerated: f64,
    },
    /// The harmless rate is not a rate.
    #[error("`harmless_rate` is {0}: give more than 0 and less than 1, for example 0.001")]
    Harmless(f64),
}

impl TryFrom<SequentialOptions> for Sequential {
    type Error = InvalidSequential;

    fn try_from(options: SequentialOptions) -> Result<Self, InvalidSequential> {
        let tolerated = 1.0 + options.tolerated_increase_ratio;
        let bad = options.bad_rate_ratio;
        if !(tolerated >= 1.0 && tolerated.is_finite()) {
            return Err(InvalidSequential::Tolerated(options.tolerated_increase_ratio));
        }
        if !(bad > tolerated && bad <= LARGEST_RATIO) {
            return Err(InvalidSequential::Bad { bad, tolerated });
        }
        match options.harmless_rate.filter(|rate| !(*rate > 0.0 && *rate < 1.0)) {
            Some(rate) => Err(InvalidSequential::Harmless(rate)),
            None => Ok(Self(options)),
        }
    }
}

impl From<Sequential> for SequentialOptions {
    fn from(method: Sequential) -> Self {
        method.0
    }
}

/// What the sequential judge has learned.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SequentialTally {
    /// Counts of all usable intervals.
    stable: Counts,
    candidate: Counts,
    harm: Mixture,
    /// Candidate requests of this step.
    step_requests: u64,
    safety: Mixture,
    harmlessness: Mixture,
}

impl SequentialTally {
    pub(crate) fn forget_what_spoke_for_the_candidate(&mut self) {
        self.step_requests = 0;
        self.safety = Mixture::default();
        self.harmlessness = Mixture::default();
    }
}

impl Sequential {
    /// The checked settings.
    pub fn options(&self) -> &SequentialOptions {
        &self.0
    }

    pub(crate) fn observe(
        &self,
        tally: &mut SequentialTally,
        reading: &Reading,
    ) -> Result<(), Cause> {
        let (stable, candidate) = both_with_traffic(reading)?;
        tally.stable = tally.stable.plus(stable);
        tally.candidate = tally.candidate.plus(candidate);
        tally.step_requests = tally.step_requests.saturating_add(candidate.total());
        self.worse_than_tolerated().observe(&mut tally.harm, stable, candidate);
        self.better_than_bad().observe(&mut tally.safety, stable, candidate);
        if let Some(test) = self.harmless() {
            test.observe(&mut tally.harmlessness, candidate);
        }
        Ok(())
    }

    pub(crate) fn opinion(&self, tally: &SequentialTally, abort_height: f64) -> Opinion {
        if tally.harm.reaches(abort_height) {
            return Opinion::Worse(finding(tally, abort_height));
        }
        let missing = self.0.min_candidate_requests.saturating_sub(tally.step_requests);
        let shown = self.shown_to_be_good(tally);
        match (shown, missing) {
            (true, 0) => Opinion::Sound,
            (true, _) => Opinion::Unsure { needed: Some(missing), cause: Cause::FewRequests },
            (false, _) => self.forecast(tally, missing),
        }
    }

    /// Whether either process for the candidate has arrived; they share the risk.
    fn shown_to_be_good(&self, tally: &SequentialTally) -> bool {
        let height = self.pass_height();
        tally.safety.reaches(height)
            || (self.0.harmless_rate.is_some() && tally.harmlessness.reaches(height))
    }

    fn forecast(&self, tally: &SequentialTally, missing: u64) -> Opinion {
        let height = self.pass_height();
        let test = self.better_than_bad();
        let by_ratio = test.requests_to(height, &tally.safety, tally.stable, tally.candidate);
        let by_rate = self
            .harmless()
            .and_then(|test| test.requests_to(height, &tally.harmlessness, tally.candidate));
        let needed = [by_ratio, by_rate].into_iter().flatten().min();
        let eventless = tally.stable.events() == 0 && tally.candidate.events() == 0;
        Opinion::Unsure {
            needed: needed.map(|needed| needed.max(missing).max(1)),
            cause: if eventless { Cause::NoEvents } else { Cause::Unclear },
        }
    }

    fn pass_height(&self) -> f64 {
        let processes = if self.0.harmless_rate.is_some() { 2.0 } else { 1.0 };
        self.0.missed_regression_risk.ln_height(processes)
    }

    fn worse_than_tolerated(&self) -> RatioTest {
        RatioTest { null: 1.0 + self.0.tolerated_increase_ratio, side: Side::Above }
    }

    fn better_than_bad(&self) -> RatioTest {
        RatioTest { null: self.0.bad_rate_ratio, side: Side::Below }
    }

    fn harmless(&self) -> Option<RateTest> {
        self.0.harmless_rate.map(|null| RateTest { null })
    }
}

/// The counts of an interval in which both tracks had traffic; any other compares nothing.
fn both_with_traffic(reading: &Reading) -> Result<(Counts, Counts), Cause> {
    match reading {
        Reading::Ratio { candidate, .. } if candidate.total() == 0 => {
            Err(Cause::NoTraffic(Track::Candidate))
        }
        Reading::Ratio { stable, .. } if stable.total() == 0 => {
            Err(Cause::NoTraffic(Track::Stable))
        }
        Reading::Ratio { stable, candidate } => Ok((*stable, *candidate)),
        Reading::Gauge { .. } => Err(Cause::Foreign),
        Reading::Missing { reason } => Err(Cause::Missing { reason: reason.clone() }),
    }
}

fn finding(tally: &SequentialTally, abort_height: f64) -> Finding {
    Finding::Rate {
        stable: tally.stable,
        candidate: tally.candidate,
        evidence: libm::exp(tally.harm.ln_evidence()).min(f64::MAX),
        bound: libm::exp(abort_height),
    }
}
