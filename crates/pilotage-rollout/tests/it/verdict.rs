//! What a person reads at the end: each verdict and cause, and what to do next.

use pilotage_rollout::{Cause, Span, Verdict};

use crate::fixtures::id;

fn because() -> String {
    "because".into()
}

#[test]
fn every_verdict_says_what_serves_and_what_to_do_next() {
    let (release, cause) = (id("v2"), Cause::Aborted { by: "ana".into() });
    let told = [
        (Verdict::Deployed { release: release.clone() }, "deployed: exactly `v2` serves", None),
        (Verdict::Unchanged { release }, "unchanged: `v2` served already", None),
        (
            Verdict::Reverted { cause: cause.clone() },
            "reverted, the old release serves: given up by ana",
            None,
        ),
        (Verdict::NotReverted { cause }, "failed and not reverted: given up by ana", Some("abort")),
        (
            Verdict::Unknown { reason: because() },
            "unknown, reading back failed: because",
            Some("resume"),
        ),
        (
            Verdict::Busy { reason: because() },
            "somebody else owns the target: because",
            Some("status"),
        ),
        (Verdict::Refused { reason: because() }, "refused: because", Some("plan")),
        (
            Verdict::Paused { reason: because() },
            "paused, a person has to decide: because",
            Some("resume"),
        ),
        (Verdict::Interrupted, "interrupted, held in a safe state", Some("resume")),
    ];
    for (verdict, words, next) in told {
        assert_eq!((verdict.to_string().as_str(), verdict.next_verb()), (words, next));
        let text = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
    }
}

#[test]
fn every_cause_says_what_failed() {
    let reason = because();
    let told = [
        (Cause::Unhealthy { reason: reason.clone() }, "the candidate is not healthy: because"),
        (Cause::Hopeless { reason: reason.clone() }, "the candidate cannot start: because"),
        (Cause::Judged { reason: reason.clone() }, "the candidate is worse: because"),
        (Cause::Inconclusive { reason: reason.clone() }, "the judge could not decide: because"),
        (
            Cause::Smoke { check: "home".into(), reason: reason.clone() },
            "smoke check `home` failed: because",
        ),
        (Cause::Declined { reason: reason.clone() }, "a person said no: because"),
        (Cause::Refused { reason: reason.clone() }, "the target refused: because"),
        (Cause::Platform { reason: reason.clone() }, "the platform gave up: because"),
        (Cause::Migration { reason }, "the migration failed half-way: because"),
        (
            Cause::Timeout { waiting_for: "it".into(), limit: Span::from_mins(90) },
            "waited 1h30m in vain for it",
        ),
        (Cause::Budget { calls: 7 }, "used up the 7 calls that the plan allows"),
        (Cause::Aborted { by: "ana".into() }, "given up by ana"),
    ];
    for (cause, words) in told {
        assert_eq!(cause.to_string(), words);
    }
}
