//! How long to go on asking.

use pilotage_rollout::Span;

/// How long to go on asking a source that answers "later", or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often the same may be asked.
    pub tries: u8,
    /// How long one call may take.
    pub call: Span,
    /// How long all may take together.
    pub whole: Span,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 6, call: Span::from_secs(20), whole: Span::from_secs(90) }
    }
}

impl Patience {
    /// How long to wait before the next try; none if there is to be none.
    ///
    /// `luck` spreads those who were refused together over half of the wait.
    pub(super) fn before(
        &self,
        tried: u8,
        passed: Span,
        asked: Option<Span>,
        luck: u8,
    ) -> Option<Span> {
        if tried >= self.tries {
            return None;
        }
        let usual = 200_u64 << tried.saturating_sub(1).min(6);
        let spread = usual / 2 * u64::from(luck) / 255;
        let usual = Span::from_millis(usual / 2 + spread);
        let wait = asked.map_or(usual, |asked| asked.max(usual));
        (passed + wait < self.whole).then_some(wait)
    }
}
