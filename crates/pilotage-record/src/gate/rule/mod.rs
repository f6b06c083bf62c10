//! The rules. Each looks at a case and says what it found; none knows of the others.

mod approvals;
mod content;
mod identity;
mod order;
mod scans;
mod tests;
mod upstream;
mod window;

use super::case::Bench;
use super::explain::Finding;
use crate::event::RuleName;
use crate::time::{Span, Time};

/// How far clocks may be apart.
const SKEW: Span = Span::from_secs(300);

/// What every rule says, in the order in which people read it.
pub(super) fn all(bench: &Bench<'_>) -> Vec<(RuleName, Finding)> {
    let rules: [(RuleName, fn(&Bench<'_>) -> Vec<Finding>); 11] = [
        (RuleName::Record, identity::record),
        (RuleName::Chain, identity::chain),
        (RuleName::NotRevoked, identity::not_revoked),
        (RuleName::Content, content::content),
        (RuleName::Upstream, upstream::upstream),
        (RuleName::Tests, tests::tests),
        (RuleName::Scans, scans::scans),
        (RuleName::Approvals, approvals::approvals),
        (RuleName::Window, window::window),
        (RuleName::Hold, order::hold),
        (RuleName::Order, order::order),
    ];
    let say = |(name, rule): (RuleName, fn(&Bench<'_>) -> Vec<Finding>)| {
        rule(bench).into_iter().map(move |finding| (name, finding))
    };
    rules.into_iter().flat_map(say).collect()
}

/// Whether something is young enough, or why that cannot be said.
fn age(now: Time, at: Time, most: Span) -> Result<(), (bool, String)> {
    if at > now.after(SKEW) {
        return Err((false, format!("it is dated {at}, which is still to come")));
    }
    let age = now.since(at);
    if age > most {
        return Err((true, format!("it is of {at}, older than {most}")));
    }
    Ok(())
}
