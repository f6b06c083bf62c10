//! From moments to places on a drawing.

use pilotage_rollout::{Moment, Span};

use crate::timeline::Timeline;

/// The time of the run, laid out from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    from: Moment,
    length: Span,
}

impl Scale {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let from = timeline.opened();
        Self { from, length: timeline.now().since(from) }
    }

    /// How far into the run, from zero to one.
    pub(super) fn part(&self, at: Moment) -> f64 {
        let length = as_float(self.length.as_millis().max(1));
        (as_float(at.since(self.from).as_millis()) / length).clamp(0.0, 1.0)
    }

    pub(super) fn percent(&self, at: Moment) -> f64 {
        self.part(at) * 100.0
    }

    /// Round spans into the run, few enough that their names do not touch.
    pub(super) fn ticks(&self) -> Vec<Span> {
        const MOST: u64 = 8;
        const ROUND: [u64; 16] =
            [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200];
        let fits = |secs: &&u64| self.length.as_millis() / (**secs * 1_000) <= MOST;
        // Longer than all of them, in whole days.
        let days = 86_400 * (self.length.as_millis() / (86_400_000 * MOST)).saturating_add(1);
        let step = Span::from_secs(*ROUND.iter().find(fits).unwrap_or(&days));
        let ticks = (0..=MOST + 1).map(|index| step * index);
        ticks.take_while(|tick| *tick <= self.length).collect()
    }

    pub(super) fn at(&self, tick: Span) -> Moment {
        self.from + tick
    }

    pub(super) fn end(&self) -> Moment {
        self.from + self.length
    }
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is far coarser than a rounded millisecond")]
const fn as_float(millis: u64) -> f64 {
    millis as f64
}
