//! What the proxy's counters were, so that a window of time can be read after it has passed.
//!
//! The counters are noted several times a second and whenever the routes change. A window is read
//! from the last note before its beginning to the last one before its end, so windows that follow
//! on each other count every request once, and the same window always reads the same.

use std::collections::VecDeque;

use pilotage_artifact::ReleaseId;
use pilotage_rollout::Moment;

use crate::router::{Counters, RouterState, Track};
use crate::wire::Comparison;

use super::routes::Slots;

/// How many notes are kept: ten minutes of them.
const MOST: usize = 3_000;

/// The notes, oldest first.
#[derive(Debug, Default)]
pub(super) struct History(VecDeque<Note>);

#[derive(Debug)]
struct Note {
    at: Moment,
    stable: Side,
    candidate: Side,
}

#[derive(Debug)]
struct Side {
    release: Option<ReleaseId>,
    counters: Counters,
}

impl History {
    /// Notes the counters of these routes.
    pub(super) fn note(&mut self, now: Moment, slots: &Slots, state: &RouterState) {
        let side = |track| Side {
            release: slots.release(track).cloned(),
            counters: state.track(track).counters.clone(),
        };
        // A wall clock that was set back stands still here until it has caught up.
        let at = self.0.back().map_or(now, |last| last.at.max(now));
        let note = Note { at, stable: side(Track::Stable), candidate: side(Track::Candidate) };
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(note);
    }

    /// What both sides of the rollout answered in this window; the error says what is missing.
    pub(super) fn between(
        &self,
        from: Moment,
        to: Moment,
        slots: &Slots,
    ) -> Result<Comparison, String> {
        let begin = self.at(from).ok_or("the counters begin later than the window")?;
        let end = self.at(to).ok_or("the counters begin later than the window")?;
        let answered = |release: &ReleaseId| {
            let track = slots.track(release).ok_or_else(|| moved(release))?;
            let (before, after) = (begin.side(track), end.side(track));
            let same = [before, after].iter().all(|side| side.release.as_ref() == Some(release));
            let counters = after.counters.since(&before.counters);
            same.then(|| (release.clone(), counters)).ok_or_else(|| moved(release))
        };
        let (stable, candidate) = slots.sides();
        let candidate = candidate.ok_or("there is no candidate")?;
        Ok(Comparison {
            stable: stable.map(answered).transpose()?,
            candidate: answered(candidate)?,
        })
    }

    fn at(&self, moment: Moment) -> Option<&Note> {
        let after = self.0.partition_point(|note| note.at <= moment);
        self.0.get(after.checked_sub(1)?)
    }
}

impl Note {
    fn side(&self, track: Track) -> &Side {
        match track {
            Track::Stable => &self.stable,
            Track::Candidate => &self.candidate,
        }
    }
}

fn moved(release: &ReleaseId) -> String {
    format!("`{release}` was not routed to for the whole window")
}

#[cfg(test)]
mod tests {
    use pilotage_rollout::Share;

    use super::*;
    use crate::router::{Generation, RouteTable, TrackState};

    fn state(stable: u64, candidate: u64) -> RouterState {
        let track = |requests| TrackState {
            counters: Counters { requests, ..Counters::default() },
            ..TrackState::default()
        };
        let table = RouteTable::closed(Generation(0));
        let (stable, candidate) = (track(stable), track(candidate));
        RouterState { table, stable, candidate, leaving: vec![] }
    }

    fn slots() -> Slots {
        let [v1, v2] = ["v1", "v2"].map(|name| name.parse().expect("a name"));
        Slots::default().shifted(Some(&v1), &v2, Share::from_percent(10).expect("a share"))
    }

    fn requests(history: &History, from: u64, to: u64) -> Result<(u64, u64), String> {
        let (from, to) = (Moment::from_millis(from), Moment::from_millis(to));
        let seen = history.between(from, to, &slots())?;
        Ok((seen.stable.expect("a stable side").1.requests, seen.candidate.1.requests))
    }

    #[test]
    fn windows_that_follow_on_each_other_count_each_request_once() {
        let mut history = History::default();
        for (at, stable, candidate) in [(0, 5, 1), (200, 50, 4), (400, 90, 9), (600, 200, 20)] {
            history.note(Moment::from_millis(at), &slots(), &state(stable, candidate));
        }
        let windows = [(0, 250), (250, 550), (550, 600)].map(|(a, b)| requests(&history, a, b));
        assert_eq!(windows, [Ok((45, 3)), Ok((40, 5)), Ok((110, 11))]);
        assert_eq!(requests(&history, 0, 600), Ok((195, 19)));
    }

    #[test]
    fn what_was_not_seen_is_missing() {
        let mut history = History::default();
        assert!(requests(&history, 0, 1).is_err());
        history.note(Moment::from_millis(100), &Slots::default(), &state(0, 0));
        history.note(Moment::from_millis(200), &slots(), &state(0, 0));
        assert!(requests(&history, 50, 300).is_err(), "it begins before the notes");
        assert!(requests(&history, 150, 300).is_err(), "the routes were others");
        assert_eq!(requests(&history, 200, 300), Ok((0, 0)));
    }
}
