//! Did its tests pass, on every platform, lately?

use super::age;
use crate::event::TestVerdict;
use crate::gate::TestPolicy;
use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::text::{Platform, Suite};

/// Each suite passed on each platform that an image of the release is for.
pub(super) fn tests(bench: &Bench<'_>) -> Vec<Finding> {
    let Some(policy) = &bench.policy.tests else {
        return vec![Finding::pass("the policy asks for no tests")];
    };
    let platforms = bench.case.record.platforms();
    if platforms.is_empty() {
        return vec![Finding::pass("the release has no image that could be tested")];
    }
    let each = |suite: &Suite| {
        platforms.iter().map(|platform| test(bench, policy, suite, platform)).collect::<Vec<_>>()
    };
    policy.suites.iter().flat_map(each).collect()
}

fn test(bench: &Bench<'_>, policy: &TestPolicy, suite: &Suite, platform: &Platform) -> Finding {
    let run = format!("run `{suite}` on {platform} and report it");
    let Some(tested) = bench.standing.tests.get(&(suite.clone(), platform.clone())) else {
        return Finding::unknown(format!("`{suite}` was not run on {platform}"), run);
    };
    let finding = match (tested.result, age(bench.case.now, tested.grounds.at, policy.max_age)) {
        (TestVerdict::Failed, _) => {
            Finding::fail(format!("`{suite}` failed on {platform}"), "repair it, release again")
        }
        (_, Err((true, why))) => Finding::fail(format!("`{suite}` on {platform}: {why}"), run),
        (_, Err((false, why))) => Finding::unknown(format!("`{suite}` on {platform}: {why}"), run),
        (TestVerdict::Passed, Ok(())) => Finding::pass(format!("`{suite}` passed on {platform}")),
    };
    finding.on(tested.grounds.id)
}
