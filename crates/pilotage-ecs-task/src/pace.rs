//! How often is looked: often while little is known, seldom where it takes long or is too much.

use pilotage_aws::{Failure, Kind};
use pilotage_rollout::Span;

const FIRST: u64 = 1_000;
const USUAL: u64 = 3_000;
const LAST: u64 = 20_000;

/// The pause before the next look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace(u64);

impl Pace {
    pub(crate) const fn new() -> Self {
        Self(FIRST)
    }

    /// After a look that was answered: a quarter longer each time, up to three seconds.
    pub(crate) fn answered(&mut self) -> Span {
        let now = self.0.min(USUAL);
        self.0 = (now + now / 4).min(USUAL);
        Span::from_millis(now)
    }

    /// After one that was not: twice as long where it was too much.
    pub(crate) fn failed(&mut self, failure: &Failure) -> Span {
        let factor = if failure.kind() == Kind::Throttled { 2 } else { 1 };
        self.0 = (self.0.max(USUAL) * factor).min(LAST);
        Span::from_millis(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_between_one_and_three_seconds() {
        let mut pace = Pace::new();
        let pauses: Vec<u64> = (0..8).map(|_| pace.answered().as_millis()).collect();
        assert_eq!(pauses, [1_000, 1_250, 1_562, 1_952, 2_440, 3_000, 3_000, 3_000]);
    }
}
