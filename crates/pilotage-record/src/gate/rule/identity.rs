//! Is it what it claims to be, and has nobody condemned it?

use crate::event::{Grounds, Scope};
use crate::gate::case::Bench;
use crate::gate::explain::Finding;

/// Somebody whom the trust policy believes vouches for the record.
pub(super) fn record(bench: &Bench<'_>) -> Vec<Finding> {
    let id = bench.case.record.id();
    vec![match &bench.standing.built {
        Some(grounds) => {
            let Grounds { by, at, id, .. } = grounds;
            Finding::pass(format!("{by} vouched for it at {at}")).on(*id)
        }
        None => Finding::unknown(
            format!("nobody who is trusted vouches for {}", id.short()),
            "sign `built` with a key that the trust policy lets say so",
        ),
    }]
}

/// Nothing is missing from the chains that the other rules read.
pub(super) fn chain(bench: &Bench<'_>) -> Vec<Finding> {
    let scopes = bench.policy.after.iter().chain([bench.case.environment]).cloned().map(Scope::In);
    let findings: Vec<_> = [Scope::Release]
        .into_iter()
        .chain(scopes)
        .flat_map(|scope| damage(bench, &scope))
        .collect();
    if findings.is_empty() { vec![Finding::pass("every event is there, in one line")] } else { findings }
}

fn damage(bench: &Bench<'_>, scope: &Scope) -> Vec<Finding> {
    let chain = bench.case.history.chain(scope).into_iter();
    let remedy = "bring back what is missing; after a look at all ends, join them with `note`";
    let finding = |damage| Finding::unknown(format!("in `{scope}`, {damage}"), remedy);
    chain.flat_map(|chain| chain.damage()).map(finding).collect()
}

/// Nobody has said that it must not go on.
pub(super) fn not_revoked(bench: &Bench<'_>) -> Vec<Finding> {
    let everywhere = bench.standing.revoked.iter().map(|grounds| (grounds, "everywhere"));
    let here = bench.here.revoked.iter().map(|grounds| (grounds, "here"));
    let findings: Vec<_> = everywhere.chain(here).map(revoked).collect();
    if findings.is_empty() { vec![Finding::pass("nobody has revoked it")] } else { findings }
}

fn revoked((grounds, place): (&Grounds, &str)) -> Finding {
    let reason = grounds.words.as_ref().map_or("", |words| words.as_str());
    let says = format!("{} revoked it {place} at {}: {reason}", grounds.by, grounds.at);
    Finding::fail(says, "nothing: record and bring out another release").on(grounds.id)
}
