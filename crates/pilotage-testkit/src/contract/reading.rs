//! What those roles promise that are only asked: metrics, probes and approvals.

use pilotage_artifact::{Digest, Release};
use pilotage_driver::role::{Approvals, Metrics, Probe};
use pilotage_judge::{MetricName, Reading};
use pilotage_rollout::gate::{Smoke, Via};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::run::Answer;
use pilotage_rollout::{Moment, Span};

/// Checks that each metric has its reading. None of the names needs to be known to the source.
pub async fn metrics(metrics: &dyn Metrics, names: &[MetricName], now: Moment) {
    assert_eq!(metrics.read(&[], now, now).await, [], "nothing asked, nothing answered");
    for count in 1..=names.len() {
        let asked = names.get(..count).unwrap_or_default();
        let readings = metrics.read(asked, now, now + Span::from_secs(60)).await;
        assert_eq!(readings.len(), count, "one reading for each metric: {readings:?}");
        for reading in readings {
            if let Reading::Missing { reason } = reading {
                assert!(!reason.is_empty(), "what is missing has a reason");
            }
        }
    }
}

/// Checks that a check that nobody has defined fails and says so.
pub async fn probe(probe: &dyn Probe) {
    let smoke = Smoke {
        check: "no-such-check".into(),
        via: Via::Production,
        attempts: 1,
        interval: Span::from_secs(1),
    };
    let id = "some-release".parse().expect("it is a name");
    let candidate = Release { id, digest: Digest::of(b"content"), sequence: 1 };
    let failed = probe.check(&candidate, &smoke).await.expect_err("what is not known never passes");
    assert!(failed.contains("no-such-check"), "the failure names the check: {failed}");
}

/// Checks that what nobody has decided is pending, and stays so.
pub async fn approvals(approvals: &dyn Approvals) {
    let run = RunId("undecided".into());
    for _ in 0..2 {
        assert_eq!(approvals.answer(&run, "go on?").await, Answer::Pending);
    }
}
