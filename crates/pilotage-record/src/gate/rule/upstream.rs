//! Did it pass the environments before this one?

use crate::event::{Grounds, InEnvironment};
use crate::gate::Upstreams;
use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::text::EnvironmentName;

/// It was deployed there, found good since, watched for long enough, and nothing bad came after.
pub(super) fn upstream(bench: &Bench<'_>) -> Vec<Finding> {
    let findings: Vec<_> = bench.policy.after.iter().map(|name| passed(bench, name)).collect();
    if findings.is_empty() {
        return vec![Finding::pass("no environment comes before this one")];
    }
    match bench.policy.upstreams {
        Upstreams::All => findings,
        Upstreams::Any => any(findings),
    }
}

/// One that passes is enough; if none does, all of them say why.
fn any(findings: Vec<Finding>) -> Vec<Finding> {
    let (mut passed, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(Finding::passes);
    if passed.is_empty() {
        return others;
    }
    passed.truncate(1);
    passed
}

fn passed(bench: &Bench<'_>, name: &EnvironmentName) -> Finding {
    let there = bench.standing.in_environment(name);
    let Some((deployed, _)) = &there.deployed else {
        return Finding::unknown(
            format!("it was never deployed to `{name}`"),
            format!("deploy it to `{name}` first"),
        );
    };
    if let Some(finding) = against(name, &there) {
        return finding;
    }
    let Some(verified) = &there.verified else {
        return Finding::unknown(
            format!("it was not verified in `{name}` since it was deployed at {}", deployed.at),
            format!("verify it in `{name}`"),
        )
        .on(deployed.id);
    };
    soaked(bench, name, &there, verified).on(deployed.id).on(verified.id)
}

fn against(name: &EnvironmentName, there: &InEnvironment) -> Option<Finding> {
    let bad = |grounds: &Grounds, what: &str, remedy: String| {
        let says = format!("it {what} in `{name}` at {}", grounds.at);
        Finding::fail(says, remedy).on(grounds.id)
    };
    let again = format!("repair it, or deploy and verify it in `{name}` again");
    let revoked = there.revoked.as_ref().map(|grounds| {
        bad(grounds, "was revoked", "nothing: bring out another release".to_owned())
    });
    let rolled_back = || there.rolled_back.as_ref().map(|g| bad(g, "was taken back", again.clone()));
    let failed = || there.failed.as_ref().map(|g| bad(g, "failed its verification", again.clone()));
    revoked.or_else(rolled_back).or_else(failed)
}

fn soaked(
    bench: &Bench<'_>,
    name: &EnvironmentName,
    there: &InEnvironment,
    verified: &Grounds,
) -> Finding {
    let good = format!("it was verified in `{name}` at {}", verified.at);
    let Some(needed) = bench.policy.soak else { return Finding::pass(good) };
    match &there.soaked {
        Some((grounds, span)) if *span >= needed => {
            Finding::pass(format!("{good} and watched for {span}")).on(grounds.id)
        }
        Some((grounds, span)) => Finding::fail(
            format!("{good} and watched for {span} only"),
            format!("watch it in `{name}` for {needed}"),
        )
        .on(grounds.id),
        None => Finding::unknown(
            format!("{good}, and nobody watched it since"),
            format!("watch it in `{name}` for {needed}"),
        ),
    }
}
