//! Plans as a person reads them.

use crate::Plan;

/// More lines than this are counted instead of listed; `--json` has them all.
const LISTED: usize = 40;

/// The next version and why: what decided, and what each commit means.
pub fn why(plan: &Plan) -> Vec<String> {
    let mut lines = vec![headline(plan)];
    lines.extend(plan.changes.iter().take(LISTED).map(|change| {
        let (commit, bump) = (change.commit.short(), change.bump.to_string());
        format!("  {commit}  {bump:<5}  {}  ({})", change.subject, change.why)
    }));
    if let Some(more @ 1..) = plan.changes.len().checked_sub(LISTED) {
        lines.push(format!("  and {more} more"));
    }
    lines
}

fn headline(plan: &Plan) -> String {
    let current = plan.current.as_ref().map(|current| current.version.to_string());
    let current = current.unwrap_or_else(|| "no release".into());
    match &plan.version {
        Some(version) => format!("{current} -> {version}: {}", plan.because),
        None => format!("{current}: nothing to release, {}", plan.because),
    }
}
