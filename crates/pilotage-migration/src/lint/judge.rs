//! How serious a finding is in a file of this phase, and what the phase itself forbids.

use crate::gate::{Decision, Running, decide};
use crate::rule::{Class, Finding, Rule, catalogue as rules};
use crate::set::Phase;
use crate::sql::Cursor;
use semver::Version;

use super::Severity;
use super::statement::{adds, changes_schema};

/// How serious a finding is in a file of this phase.
pub(super) fn severity(rule: &Rule, phase: Phase) -> Severity {
    match (rule.class, phase) {
        (Class::Breaks, Phase::Contract) => Severity::Note,
        (Class::Care, _) => Severity::Warning,
        _ => Severity::Error,
    }
}

/// What the phase of the file says to this statement.
pub(super) fn misplaced(cursor: Cursor<'_>, phase: Phase) -> Option<Finding> {
    let rule = match phase {
        Phase::Data if changes_schema(cursor) => rules::SCHEMA_IN_DATA,
        Phase::Contract if adds(cursor) => rules::EXPAND_IN_CONTRACT,
        _ => return None,
    };
    Some(Finding::new(rule, cursor.span(), ""))
}

/// The contract statements of an expand file, by name, as one finding at the first of them.
pub(super) fn contract_in_expand(findings: &[Finding], phase: Phase) -> Option<Finding> {
    let breaking = || findings.iter().filter(|finding| finding.class() == Class::Breaks);
    let first = breaking().next().filter(|_| phase == Phase::Expand)?;
    let mut names: Vec<&str> = breaking().map(|finding| finding.rule.id).collect();
    names.sort_unstable();
    names.dedup();
    Some(Finding::new(rules::CONTRACT_IN_EXPAND, first.span.clone(), names.join(", ")))
}

/// What the gate says to a contract file.
pub(super) fn gate(
    phase: Phase,
    since: Option<&Version>,
    running: Option<&Running>,
) -> Option<Finding> {
    if phase != Phase::Contract {
        return None;
    }
    let Some(since) = since else {
        return Some(Finding::new(rules::CONTRACT_WITHOUT_SINCE, 0..0, ""));
    };
    match decide(since, running?) {
        Decision::Go => None,
        Decision::Refused { reason } => Some(Finding::new(rules::CONTRACT_TOO_EARLY, 0..0, reason)),
    }
}
