//! The last few health observations of one group.

use crate::gate::HealthRule;
use crate::target::Group;

/// Which of the last observations were good. A proof is never carried over a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    good: u64,
    seen: u8,
    restarts: Option<u32>,
}

impl Window {
    /// A window that starts full of good observations, because they have just been proven.
    pub(super) fn proven(rule: HealthRule, restarts: u32) -> Self {
        Self { good: u64::MAX, seen: rule.n(), restarts: Some(restarts) }
    }

    /// Adds an observation: good if all `units` are ready and none was restarted meanwhile.
    pub(super) fn push(&mut self, group: Option<&Group>, units: u16) {
        let ready = group.is_some_and(|group| group.ready >= units && group.desired >= units);
        let restarts = group.map_or(0, |group| group.restarts);
        let calm = self.restarts.is_none_or(|before| before == restarts);
        self.restarts = Some(restarts);
        self.good = self.good << 1 | u64::from(ready && calm);
        self.seen = self.seen.saturating_add(1);
    }

    /// Adds an observation to a proof: a restart makes all that was seen before worthless.
    pub(super) fn prove(&mut self, group: Option<&Group>, units: u16) {
        let restarts = group.map(|group| group.restarts);
        if self.restarts.is_some() && self.restarts != restarts {
            *self = Self::default();
        }
        self.push(group, units);
    }

    /// Whether the rule has been seen to hold over a whole window.
    pub(super) fn holds(self, rule: HealthRule) -> bool {
        self.seen >= rule.n() && self.count(rule) >= rule.k()
    }

    /// Whether the rule cannot hold any more within this window.
    pub(super) fn fails(self, rule: HealthRule) -> bool {
        self.seen >= rule.n() && self.count(rule) < rule.k()
    }

    /// How many of the observations that the rule looks at were good.
    pub(super) fn count(self, rule: HealthRule) -> u8 {
        let mask = u64::MAX >> (u64::BITS - u32::from(rule.n()));
        u8::try_from((self.good & mask).count_ones()).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use pilotage_artifact::{Digest, Release};

    use super::*;
    use crate::{Share, Span};

    fn rule(k: u8, n: u8) -> HealthRule {
        HealthRule::new(k, n, Span::from_secs(1), Span::from_secs(9)).unwrap()
    }

    fn group(ready: u16, restarts: u32) -> Group {
        let release = Release { id: "v1".parse().unwrap(), digest: Digest::of(b""), sequence: 1 };
        let failing = alloc::vec![];
        let (desired, in_flight, share) = (2, None, Share::NONE);
        Group { release, desired, ready, restarts, in_flight, share, failing }
    }

    #[test]
    fn a_proof_needs_the_whole_window() {
        let (mut window, rule) = (Window::default(), rule(2, 3));
        for expected in [false, false, true] {
            window.prove(Some(&group(2, 0)), 2);
            assert_eq!(window.holds(rule), expected);
        }
        window.prove(Some(&group(1, 0)), 2);
        assert!(window.holds(rule), "two of three are still good");
        window.prove(None, 2);
        assert!(!window.holds(rule));
    }

    #[test]
    fn a_restart_makes_a_proof_start_again() {
        let (mut window, rule) = (Window::default(), rule(2, 2));
        window.prove(Some(&group(2, 0)), 2);
        window.prove(Some(&group(2, 1)), 2);
        assert!(!window.holds(rule));
        window.prove(Some(&group(2, 1)), 2);
        assert!(window.holds(rule));
    }

    #[test]
    fn a_proven_window_fails_when_too_few_are_left() {
        let rule = rule(2, 3);
        let mut window = Window::proven(rule, 0);
        window.push(Some(&group(2, 1)), 2);
        assert!(!window.fails(rule), "one restart of three is tolerated by two of three");
        window.push(Some(&group(1, 1)), 2);
        assert!(window.fails(rule));
    }

    #[test]
    fn the_longest_window_fits() {
        let rule = rule(64, 64);
        assert!(Window::proven(rule, 0).holds(rule));
    }
}
