//! The clock of a run, and deadlines.

use std::sync::Arc;

use pilotage_rollout::{Moment, Span};

use crate::role::Clock;

/// The clock of a run: it begins at the wall clock's time, or at the journal's if that is later,
/// and goes on by elapsed time, so that it never jumps and never runs backwards.
#[derive(Debug, Clone)]
pub(super) struct RunClock {
    clock: Arc<dyn Clock>,
    base: Moment,
    origin: Span,
}

impl RunClock {
    /// The clock of a run that has been written about until `last`; and by how much the wall
    /// clock is behind that.
    pub(super) fn start(clock: Arc<dyn Clock>, last: Moment) -> (Self, Span) {
        let wall = clock.now();
        let origin = clock.elapsed();
        (Self { clock, base: wall.max(last), origin }, last.since(wall))
    }

    pub(super) fn now(&self) -> Moment {
        self.base + passed(self.origin, self.clock.elapsed())
    }

    /// What the wall clock shows at this moment of the run, for those who know only that.
    pub(super) fn on_the_wall(&self, at: Moment) -> Moment {
        let (wall, now) = (self.clock.now(), self.now());
        let ahead = now.since(wall).as_millis();
        let shown = at + wall.since(now);
        Moment::from_millis(shown.as_millis().saturating_sub(ahead))
    }
}

/// The time between two readings of elapsed time.
pub(super) const fn passed(from: Span, to: Span) -> Span {
    Span::from_millis(to.as_millis().saturating_sub(from.as_millis()))
}

/// The answer, unless it takes longer than this.
pub(super) async fn within<T>(
    clock: &dyn Clock,
    limit: Span,
    answer: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        answer = answer => Some(answer),
        () = clock.sleep(limit) => None,
    }
}

/// What to say about an answer that did not come.
pub(super) fn silence(limit: Span) -> String {
    format!("no answer within {limit}")
}
