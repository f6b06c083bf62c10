//! Short ways to say what the tests are about.

use pilotage_judge::{
    Counts, Evidence, Judgement, Method, MetricName, Panel, Reading, Risk, Rule, Sequential,
    SequentialOptions,
};

pub(crate) fn counts(events: u64, total: u64) -> Counts {
    Counts::new(events, total).unwrap()
}

/// Events and requests on the stable version, then on the candidate.
pub(crate) fn ratio(stable: (u64, u64), candidate: (u64, u64)) -> Reading {
    Reading::Ratio {
        stable: counts(stable.0, stable.1),
        candidate: counts(candidate.0, candidate.1),
    }
}

pub(crate) fn gauge(stable: f64, candidate: f64) -> Reading {
    Reading::Gauge { stable, candidate }
}

pub(crate) fn missing() -> Reading {
    Reading::Missing { reason: "the query timed out".into() }
}

pub(crate) fn metric(name: &str) -> MetricName {
    name.parse().unwrap()
}

/// A panel of one rule that accepts a false abort in a hundred.
pub(crate) fn panel(method: Method) -> Panel {
    Panel::of(Rule::new(MetricName::errors(), method), Risk::ONE_PERCENT)
}

pub(crate) fn sequential(options: SequentialOptions) -> Method {
    Method::Sequential(Sequential::try_from(options).unwrap())
}

/// The evidence and the judgement after the last of these readings of a panel of one rule.
pub(crate) fn weigh(panel: &Panel, readings: &[Reading]) -> (Evidence, Judgement) {
    let mut evidence = panel.begin();
    let mut judgement = panel.conclude(&evidence);
    for reading in readings {
        (evidence, judgement) = panel.weigh(evidence, std::slice::from_ref(reading)).unwrap();
    }
    (evidence, judgement)
}

pub(crate) fn judge(panel: &Panel, readings: &[Reading]) -> Judgement {
    weigh(panel, readings).1
}

pub(crate) fn conclude(panel: &Panel, readings: &[Reading]) -> Judgement {
    panel.conclude(&weigh(panel, readings).0)
}
