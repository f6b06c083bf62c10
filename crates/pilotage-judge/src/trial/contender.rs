//! The judges that are compared.

use crate::counts::{Counts, as_float};
use crate::evidence::Evidence;
use crate::judgement::Judgement;
use crate::mann_whitney::MannWhitney;
use crate::metric::MetricName;
use crate::panel::Panel;
use crate::reading::Reading;
use crate::risk::Risk;
use crate::rule::{Method, Rule};

/// The normal deviate that a one-sided test at 5 % asks for.
const Z_ONE_SIDED_5_PERCENT: f64 = 1.644_853_626_951_472_7;

/// A judge in a trial.
#[derive(Debug, Clone, PartialEq)]
pub enum Contender {
    /// A panel of one rule, given ratios.
    Panel(Panel),
    /// A one-sided two-proportion z-test at 5 %, repeated at each look over all counts so far.
    RepeatedZTest,
}

impl Contender {
    /// The sequential judge with its defaults, and a false abort in a hundred.
    pub fn sequential() -> Self {
        Self::of(Method::default())
    }

    /// The rank comparison of Kayenta at each look, as a careful user sets it up: not before there
    /// are ten points per track.
    pub fn kayenta() -> Self {
        Self::of(Method::MannWhitney(MannWhitney::like_kayenta()))
    }

    fn of(method: Method) -> Self {
        Self::Panel(Panel::of(Rule::new(MetricName::errors(), method), Risk::ONE_PERCENT))
    }
}

/// What a contender says after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Abort,
    Pass,
    Wait,
}

/// A contender in the course of a trial.
#[derive(Debug)]
pub(crate) enum Watch<'a> {
    Panel { panel: &'a Panel, evidence: Evidence },
    RepeatedZTest { stable: Counts, candidate: Counts },
}

impl<'a> Watch<'a> {
    pub(crate) fn new(contender: &'a Contender) -> Self {
        match contender {
            Contender::Panel(panel) => Self::Panel { panel, evidence: panel.begin() },
            Contender::RepeatedZTest => {
                Self::RepeatedZTest { stable: Counts::NONE, candidate: Counts::NONE }
            }
        }
    }

    pub(crate) fn look(self, stable: Counts, candidate: Counts) -> (Self, Call) {
        match self {
            Self::Panel { panel, evidence } => look_of(panel, evidence, stable, candidate),
            Self::RepeatedZTest { stable: stable_before, candidate: candidate_before } => {
                let (stable, candidate) =
                    (stable_before.plus(stable), candidate_before.plus(candidate));
                let worse = z_score(stable, candidate) > Z_ONE_SIDED_5_PERCENT;
                let call = if worse { Call::Abort } else { Call::Wait };
                (Self::RepeatedZTest { stable, candidate }, call)
            }
        }
    }
}

/// A panel that cannot read ratios, or has several rules, never decides.
fn look_of(
    panel: &Panel,
    evidence: Evidence,
    stable: Counts,
    candidate: Counts,
) -> (Watch<'_>, Call) {
    match panel.weigh(evidence, &[Reading::Ratio { stable, candidate }]) {
        Ok((evidence, judgement)) => (Watch::Panel { panel, evidence }, call(&judgement)),
        Err(_) => (Watch::Panel { panel, evidence: panel.begin() }, Call::Wait),
    }
}

fn call(judgement: &Judgement) -> Call {
    match judgement {
        Judgement::Pass { .. } => Call::Pass,
        Judgement::Fail { .. } => Call::Abort,
        Judgement::Undecided { .. } => Call::Wait,
    }
}

/// The pooled two-proportion score; without events, or without traffic, nothing speaks.
fn z_score(stable: Counts, candidate: Counts) -> f64 {
    let Some((stable_rate, candidate_rate)) = stable.rate().zip(candidate.rate()) else {
        return 0.0;
    };
    let pooled = stable.plus(candidate).rate().unwrap_or(0.0);
    let precision = 1.0 / as_float(stable.total()) + 1.0 / as_float(candidate.total());
    let deviation = libm::sqrt(pooled * (1.0 - pooled) * precision);
    if deviation > 0.0 { (candidate_rate - stable_rate) / deviation } else { 0.0 }
}
