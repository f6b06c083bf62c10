//! Is it a time for changes?

use crate::gate::case::Bench;
use crate::gate::explain::Finding;

/// A window is open, and nothing is frozen.
pub(super) fn window(bench: &Bench<'_>) -> Vec<Finding> {
    let (policy, now) = (bench.policy, bench.case.now);
    if let Some(freeze) = policy.freezes.iter().find(|one| (one.from..one.to).contains(&now)) {
        let says = format!("nothing changes until {}: {}", freeze.to, freeze.reason);
        return vec![Finding::fail(says, format!("wait until {}", freeze.to))];
    }
    if policy.windows.is_empty() || policy.windows.iter().any(|window| window.is_open(now)) {
        return vec![Finding::pass("changes may begin now")];
    }
    let open = |window: &crate::gate::Window| {
        let days: Vec<_> = window.days.iter().map(|day| format!("{day:?}").to_lowercase()).collect();
        format!("{} {} to {} UTC", days.join(" "), window.from, window.to)
    };
    let open: Vec<_> = policy.windows.iter().map(open).collect();
    vec![Finding::fail(format!("no window is open at {now}"), format!("wait for {}", open.join(", ")))]
}
