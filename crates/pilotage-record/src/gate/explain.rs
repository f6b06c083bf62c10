//! Whether a gate is open, rule by rule.

use pilotage_artifact::Digest;
use serde::Serialize;

use super::case::{Bench, Case};
use super::rule;
use crate::event::{Glass, RuleName};
use crate::record::RecordId;
use crate::text::EnvironmentName;
use crate::time::Time;

/// Whether a gate is open, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Of which environment.
    pub environment: EnvironmentName,
    /// For which release.
    pub record: RecordId,
    /// When.
    pub at: Time,
    /// Whether it may enter.
    pub entry: Entry,
    /// Why, rule by rule.
    pub rulings: Vec<Ruling>,
}

/// Whether a release may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Every rule passes.
    Open,
    /// It may enter though rules do not pass, for somebody has set those aside.
    OpenByBrokenGlass,
    /// It may not.
    Closed,
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// Which rule.
    pub rule: RuleName,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub says: String,
    /// The events that it rests on.
    pub evidence: Vec<Digest>,
    /// What would make it pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The event by which it was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<Digest>,
}

/// What a rule comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// Nobody knows. Keeps the gate closed as much as a failure does.
    Unknown,
    /// It does not hold.
    Fail,
}

/// What a rule found, before anybody sets it aside.
#[derive(Debug)]
pub(super) struct Finding {
    verdict: Verdict,
    says: String,
    evidence: Vec<Digest>,
    remedy: Option<String>,
}

impl Finding {
    pub(super) fn pass(says: impl Into<String>) -> Self {
        Self { verdict: Verdict::Pass, says: says.into(), evidence: Vec::new(), remedy: None }
    }

    pub(super) fn fail(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, remedy: Some(remedy.into()), ..Self::pass(says) }
    }

    pub(super) fn unknown(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Unknown, remedy: Some(remedy.into()), ..Self::pass(says) }
    }

    /// Names an event that it rests on.
    pub(super) fn on(mut self, evidence: Digest) -> Self {
        self.evidence.push(evidence);
        self
    }

    pub(super) fn passes(&self) -> bool {
        self.verdict == Verdict::Pass
    }
}

impl Case<'_> {
    /// Whether the gate is open, and why; nothing if the environment has no policy, for then
    /// nobody has said what it asks.
    pub fn explain(&self) -> Option<Explanation> {
        let bench = Bench::of(self)?;
        let rulings: Vec<_> = rule::all(&bench)
            .into_iter()
            .map(|(rule, finding)| ruling(&bench, rule, finding))
            .collect();
        Some(Explanation {
            environment: self.environment.clone(),
            record: self.record.id(),
            at: self.now,
            entry: rulings.iter().map(Ruling::entry).max().unwrap_or(Entry::Closed),
            rulings,
        })
    }
}

impl Ruling {
    fn entry(&self) -> Entry {
        match (self.verdict, self.waived_by) {
            (Verdict::Pass, _) => Entry::Open,
            (_, Some(_)) => Entry::OpenByBrokenGlass,
            (_, None) => Entry::Closed,
        }
    }
}

fn ruling(bench: &Bench<'_>, rule: RuleName, finding: Finding) -> Ruling {
    let Finding { verdict, says, evidence, remedy } = finding;
    let needed = verdict != Verdict::Pass && rule.may_be_waived();
    let glass = bench.here.glass.iter().find(|glass| needed && breaks(bench, glass, rule));
    let waived_by = glass.map(|glass| glass.grounds.id);
    Ruling { rule, verdict, says, evidence, remedy, waived_by }
}

/// Whether this counts for the rule: in time, and by somebody whom the policy lets.
fn breaks(bench: &Bench<'_>, glass: &Glass, rule: RuleName) -> bool {
    let roles = bench.policy.break_glass.iter().flat_map(|policy| &policy.roles);
    let by = &glass.grounds.by;
    let allowed = roles.into_iter().any(|role| bench.case.gates.has_role(by, role));
    allowed && glass.waives.contains(&rule) && bench.case.now < glass.expires
}
