//! Do enough people want it, other than its author?

use std::collections::BTreeSet;

use crate::event::Approval;
use crate::gate::ApprovalPolicy;
use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::text::Role;

/// Enough different people, in the roles that are asked for, said so for this very record and
/// environment, and their word has not expired.
pub(super) fn approvals(bench: &Bench<'_>) -> Vec<Finding> {
    let Some(policy) = &bench.policy.approvals else {
        return vec![Finding::pass("the policy asks for nobody's word")];
    };
    let valid: Vec<_> =
        bench.here.approvals.iter().filter(|approval| counts(bench, approval)).collect();
    let findings = policy.roles.iter().filter_map(|role| lacks(&valid, role));
    let findings: Vec<_> = enough(bench, policy, &valid).into_iter().chain(findings).collect();
    if findings.is_empty() { vec![wanted(&valid)] } else { findings }
}

fn counts(bench: &Bench<'_>, approval: &Approval) -> bool {
    let by = &approval.grounds.by;
    let in_time = bench.case.now < approval.expires;
    let other = *by != bench.case.record.content().author;
    in_time && other && bench.case.gates.has_role(by, &approval.role)
}

fn enough(bench: &Bench<'_>, policy: &ApprovalPolicy, valid: &[&Approval]) -> Option<Finding> {
    let people = people(valid).len();
    if people >= policy.count as usize {
        return None;
    }
    let set_aside = bench.here.approvals.len() - valid.len();
    let beside = match set_aside {
        0 => String::new(),
        _ => format!(" ({set_aside} do not count: expired, by the author, or not in that role)"),
    };
    let says = format!("{people} of {} approvals{beside}", policy.count);
    Some(on(Finding::fail(says, "let others than the author approve it for this environment"), valid))
}

fn lacks(valid: &[&Approval], role: &Role) -> Option<Finding> {
    let missing = !valid.iter().any(|approval| approval.role == *role);
    let says = format!("nobody approved it as `{role}`");
    missing.then(|| Finding::fail(says, format!("let a `{role}` approve it")))
}

fn wanted(valid: &[&Approval]) -> Finding {
    let names: Vec<_> = people(valid).into_iter().collect();
    on(Finding::pass(format!("approved by {}", names.join(", "))), valid)
}

fn people<'a>(valid: &[&'a Approval]) -> BTreeSet<&'a str> {
    valid.iter().map(|approval| approval.grounds.by.as_str()).collect()
}

fn on(finding: Finding, approvals: &[&Approval]) -> Finding {
    approvals.iter().fold(finding, |finding, approval| finding.on(approval.grounds.id))
}
