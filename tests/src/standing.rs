//! Which releases may answer, and when.
//!
//! It watches the run as it is written down: an order that shifts traffic is written before the
//! target hears of it, and from then on both sides may answer; what the target was observed to
//! route to is all that may answer a request that begins later, for nothing else is under way.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pilotage_artifact::ReleaseId;
use pilotage_driver::drive::Warning;
use pilotage_driver::role::{News, Watcher};
use pilotage_rollout::journal::Entry;
use pilotage_rollout::target::{Action, Observation};
use pilotage_rollout::{Event, Share};

type Releases = BTreeSet<String>;

/// Which releases may answer, through time.
#[derive(Debug)]
pub struct Standing(Mutex<State>);

#[derive(Debug)]
struct State {
    through_time: Vec<Releases>,
    is_switching: bool,
    warnings: Vec<Warning>,
}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    at: usize,
    /// Whether a deploy was under way.
    pub is_switching: bool,
}

impl Standing {
    /// From the beginning, only this release may answer.
    pub fn only(release: &str) -> Self {
        let through_time = vec![Releases::from([release.to_owned()])];
        Self(Mutex::new(State { through_time, is_switching: false, warnings: Vec::new() }))
    }

    /// Now.
    pub fn mark(&self) -> Mark {
        let state = self.state();
        let at = state.through_time.len().saturating_sub(1);
        Mark { at, is_switching: state.is_switching }
    }

    /// Whether a request of this time, up to now, may have been answered by this release.
    pub fn allows(&self, since: Mark, release: &str) -> bool {
        let state = self.state();
        state.through_time.iter().skip(since.at).any(|releases| releases.contains(release))
    }

    /// A deploy begins or has ended.
    pub fn switch(&self, is_switching: bool) {
        self.state().is_switching = is_switching;
    }

    /// From now on, any of these may answer.
    pub fn turn_to<'a>(&self, releases: impl IntoIterator<Item = &'a str>) {
        let next: Releases = releases.into_iter().map(str::to_owned).collect();
        let mut state = self.state();
        if state.through_time.last() != Some(&next) {
            state.through_time.push(next);
        }
    }

    /// What drivers found odd.
    pub fn warnings(&self) -> Vec<Warning> {
        self.state().warnings.clone()
    }

    fn follow(&self, entry: &Entry) {
        match entry {
            Entry::Intent(order) => {
                if let Action::Traffic { stable, candidate, .. } = &order.action {
                    let stable = stable.iter().map(ReleaseId::as_str);
                    self.turn_to(stable.chain([candidate.as_str()]));
                }
            }
            Entry::Happened(Event::Observed(Ok(seen))) => self.narrow(seen),
            Entry::Opened { .. } | Entry::Happened(_) => {}
        }
    }

    fn narrow(&self, seen: &Observation) {
        let routed = seen.groups.iter().filter(|group| group.share > Share::NONE);
        self.turn_to(routed.map(|group| group.release.id.as_str()));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher for Standing {
    fn see(&self, news: &News<'_>) {
        match news {
            News::Recorded { record, .. } => self.follow(&record.entry),
            News::Warned { warning } => self.state().warnings.push((*warning).clone()),
            News::Replayed { .. } | News::Ended { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_may_be_answered_by_whoever_could_while_it_was_under_way() {
        let standing = Standing::only("v1");
        let before = standing.mark();
        standing.turn_to(["v1", "v2"]);
        assert!(standing.allows(before, "v1") && standing.allows(before, "v2"));
        standing.turn_to(["v2"]);
        let after = standing.mark();
        assert!(standing.allows(before, "v1"), "it began when v1 still answered");
        assert!(!standing.allows(after, "v1") && standing.allows(after, "v2"));
        assert!(!standing.allows(before, "v3"));
    }
}
