//! What the demonstration has shown, in numbers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pilotage_load::Totals;
use serde::Serialize;

use super::acts::FLAWED;

/// What was seen of the runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// How many releases were brought out or tried.
    pub(super) deploys: u64,
    /// Whether the judge failed the flawed release, and the old one serves again.
    pub(super) judge_aborted: bool,
    /// Whether a killed deploy was brought to its end.
    pub(super) resumed_after_kill: bool,
    /// The reports of the runs.
    pub(super) reports: Vec<PathBuf>,
}

/// All of it, as the last line of `--json`.
#[derive(Debug, Serialize)]
pub(super) struct Sums {
    deploys: u64,
    requests: u64,
    failed_requests: u64,
    canary_errors: u64,
    judge_aborted: bool,
    resumed_after_kill: bool,
    answered_by: BTreeMap<String, u64>,
    failures: Vec<String>,
    reports: Vec<PathBuf>,
}

impl Sums {
    /// Sums up. Errors of the flawed release are its own; all others are failed requests.
    pub(super) fn of(seen: Seen, totals: Totals) -> Self {
        let Totals { answers, mut errors, lost } = totals;
        let canary_errors = errors.remove(FLAWED).unwrap_or_default();
        let good: u64 = answers.values().sum();
        let others: u64 = errors.values().sum();
        let failed_requests = others + lost.len() as u64;
        Self {
            deploys: seen.deploys,
            requests: good + canary_errors + failed_requests,
            failed_requests,
            canary_errors,
            judge_aborted: seen.judge_aborted,
            resumed_after_kill: seen.resumed_after_kill,
            answered_by: answers,
            failures: lost.into_iter().take(20).collect(),
            reports: seen.reports,
        }
    }

    /// Whether everything was shown that was promised.
    pub(super) fn hold(&self) -> bool {
        self.failed_requests == 0
            && self.requests > 0
            && self.canary_errors > 0
            && self.judge_aborted
            && self.resumed_after_kill
    }

    /// The same for a person.
    pub(super) fn text(&self) -> String {
        let sign = |holds: bool| if holds { "yes" } else { "NO" };
        let by: Vec<_> = self.answered_by.iter().map(|(by, of)| format!("{by} {of}")).collect();
        let reports: Vec<_> = self.reports.iter().map(|path| path.display().to_string()).collect();
        let lines = [
            format!("deploys             {}", self.deploys),
            format!("requests sent       {}", self.requests),
            format!("requests failed     {}", self.failed_requests),
            format!("errors of `{FLAWED}`      {}", self.canary_errors),
            format!("answered well by    {}", by.join(", ")),
            format!("judge aborted       {}", sign(self.judge_aborted)),
            format!("resumed after kill  {}", sign(self.resumed_after_kill)),
            format!("reports             {}", reports.join("\n                    ")),
        ];
        lines.into_iter().chain(self.failures.iter().cloned()).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(errors: &[(&str, u64)], lost: &[&str]) -> Totals {
        Totals {
            answers: BTreeMap::from([("v1".to_owned(), 90)]),
            errors: errors.iter().map(|(by, count)| ((*by).to_owned(), *count)).collect(),
            lost: lost.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn only_the_flawed_release_may_fail() {
        let seen = Seen { judge_aborted: true, resumed_after_kill: true, ..Seen::default() };
        let of = |tally| Sums::of(seen.clone(), tally);
        let good = of(tally(&[(FLAWED, 5)], &[]));
        assert!(good.hold());
        assert_eq!((good.requests, good.canary_errors, good.failed_requests), (95, 5, 0));
        let bad = of(tally(&[(FLAWED, 5), ("v2", 1)], &["reset"]));
        assert!(!bad.hold());
        assert_eq!((bad.requests, bad.failed_requests), (97, 2));
        assert!(!of(tally(&[], &[])).hold(), "the flawed release was never asked");
    }
}
