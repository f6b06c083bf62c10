//! Are its scans good enough, for every image on every platform, and fresh?

use super::age;
use crate::event::{Counts, ScanOutcome, Scanned};
use crate::gate::ScanPolicy;
use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::record::Child;
use crate::text::PartName;

/// Each image of each platform was scanned by its very digest, and not too much was found.
pub(super) fn scans(bench: &Bench<'_>) -> Vec<Finding> {
    let Some(policy) = &bench.policy.scans else {
        return vec![Finding::pass("the policy asks for no scans")];
    };
    let findings: Vec<_> =
        bench.case.record.children().map(|(name, child)| scan(bench, policy, name, child)).collect();
    if findings.is_empty() {
        return vec![Finding::pass("the release has no image that could be scanned")];
    }
    findings
}

fn scan(bench: &Bench<'_>, policy: &ScanPolicy, name: &PartName, child: &Child) -> Finding {
    let image = format!("image `{name}` for {}", child.platform());
    let again = format!("scan {} and report it", child.digest());
    let key = (child.platform().clone(), child.digest());
    let Some(scanned) = bench.standing.scans.get(&key) else {
        return Finding::unknown(format!("{image} was not scanned"), again);
    };
    judge(bench, policy, &image, again, scanned).on(scanned.grounds.id)
}

fn judge(
    bench: &Bench<'_>,
    policy: &ScanPolicy,
    image: &str,
    again: String,
    scanned: &Scanned,
) -> Finding {
    let counts = match &scanned.outcome {
        ScanOutcome::Found(counts) => counts,
        ScanOutcome::Unknown { reason } => {
            return Finding::unknown(format!("the scan of {image} came to nothing: {reason}"), again);
        }
    };
    match age(bench.case.now, scanned.grounds.at, policy.max_age) {
        Err((true, why)) => Finding::fail(format!("the scan of {image}: {why}"), again),
        Err((false, why)) => Finding::unknown(format!("the scan of {image}: {why}"), again),
        Ok(()) => thresholds(policy, image, counts),
    }
}

fn thresholds(policy: &ScanPolicy, image: &str, counts: &Counts) -> Finding {
    let excess = policy.excess(counts);
    if excess.is_empty() {
        return Finding::pass(format!("{image} has few enough known weaknesses"));
    }
    let one = |(kind, found, most): (&str, u64, u64)| format!("{found} {kind} (at most {most})");
    let list = excess.into_iter().map(one).collect::<Vec<_>>().join(", ");
    Finding::fail(format!("{image} has {list}"), "repair them and release again")
}
