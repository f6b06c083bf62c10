//! From releases to routes: which release is on which side of the proxy, and with which units.
//!
//! The proxy has two sides, and a release keeps its side for as long as it lives. So when a
//! candidate has everything and becomes the stable release of the next rollout, nothing is
//! renamed: its units keep their share, their tunnels and their counters.

use pilotage_artifact::ReleaseId;
use pilotage_rollout::Share;
use serde::{Deserialize, Serialize};

use crate::router::{self, Generation, RouteTable, RouterState, Track, Upstream};

/// Which release is on which side of the proxy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slots {
    /// The release behind the proxy's stable track.
    first: Option<ReleaseId>,
    /// The release behind the proxy's candidate track.
    second: Option<ReleaseId>,
    /// What the second one gets.
    to_second: Share,
    /// The sides of the last rollout, in its own words.
    stable: Option<ReleaseId>,
    candidate: Option<ReleaseId>,
}

impl Slots {
    /// The share that the release shall have.
    pub(super) fn share(&self, release: &ReleaseId) -> Share {
        match self.track(release) {
            Some(Track::Stable) => self.to_second.rest(),
            Some(Track::Candidate) => self.to_second,
            None => Share::NONE,
        }
    }

    /// Where the release is.
    pub(super) fn track(&self, release: &ReleaseId) -> Option<Track> {
        let on = |slot: &Option<ReleaseId>| slot.as_ref() == Some(release);
        let second = on(&self.second).then_some(Track::Candidate);
        on(&self.first).then_some(Track::Stable).or(second)
    }

    /// The release on this track.
    pub(super) fn release(&self, track: Track) -> Option<&ReleaseId> {
        match track {
            Track::Stable => self.first.as_ref(),
            Track::Candidate => self.second.as_ref(),
        }
    }

    /// The stable release and the candidate of the last rollout.
    pub(super) fn sides(&self) -> (Option<&ReleaseId>, Option<&ReleaseId>) {
        (self.stable.as_ref(), self.candidate.as_ref())
    }

    /// The candidate gets this share and the stable release the rest; whoever has a side keeps it.
    pub(super) fn shifted(
        &self,
        stable: Option<&ReleaseId>,
        candidate: &ReleaseId,
        share: Share,
    ) -> Self {
        let sides = (stable.cloned(), Some(candidate.clone()));
        if stable.is_none() && share == Share::NONE {
            return Self { stable: sides.0, candidate: sides.1, ..Self::default() };
        }
        let taken = stable.and_then(|stable| self.track(stable));
        let candidate_is_first = match (self.track(candidate), taken) {
            (Some(track), _) => track == Track::Stable,
            (None, taken) => taken == Some(Track::Candidate),
        };
        let (first, second, to_second) = if candidate_is_first {
            (sides.1.clone(), sides.0.clone(), share.rest())
        } else {
            (sides.0.clone(), sides.1.clone(), share)
        };
        Self { first, second, to_second, stable: sides.0, candidate: sides.1 }
    }

    /// Frees the sides of releases that are gone.
    pub(super) fn vacate(&mut self, gone: impl Fn(&ReleaseId) -> bool) {
        for slot in [&mut self.first, &mut self.second, &mut self.stable, &mut self.candidate] {
            slot.take_if(|release| gone(release));
        }
    }
}

/// A unit that could be routed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Routable {
    pub(super) release: ReleaseId,
    pub(super) upstream: Upstream,
    /// Whether it answered as its release since it was started, and has not failed since.
    pub(super) well: bool,
}

/// The table that these units make, or `None` if the one that is served is already that.
pub(super) fn next_table(
    slots: &Slots,
    units: &[Routable],
    served: &RouteTable,
) -> Option<RouteTable> {
    let generation = served.generation().next();
    let wanted = table(slots, units, served, generation)?;
    let same = [Track::Stable, Track::Candidate]
        .iter()
        .all(|track| wanted.units(*track) == served.units(*track))
        && wanted.share() == served.share();
    (!same).then_some(wanted)
}

fn table(
    slots: &Slots,
    units: &[Routable],
    served: &RouteTable,
    generation: Generation,
) -> Option<RouteTable> {
    let share = router::Share::from_basis_points(slots.to_second.basis_points())?;
    let side = |track| side(slots, track, units, served);
    let (first, second) = (side(Track::Stable), side(Track::Candidate));
    if first.is_empty() && second.is_empty() {
        return Some(RouteTable::closed(generation));
    }
    // A table that would send requests to nowhere is not made; the one that is served stays.
    RouteTable::weighted(generation, first, second, share).ok()
}

/// The units of one side: those that are well; if the side has traffic and none is well, all that
/// run; and if none runs, those that are routed to already, so that what fails is seen to fail.
fn side(slots: &Slots, track: Track, units: &[Routable], served: &RouteTable) -> Vec<Upstream> {
    let Some(release) = slots.release(track) else { return Vec::new() };
    let ours = || units.iter().filter(|unit| unit.release == *release);
    let well: Vec<Upstream> = ours().filter(|unit| unit.well).map(|unit| unit.upstream).collect();
    if !well.is_empty() || slots.share(release) == Share::NONE {
        return well;
    }
    let running: Vec<Upstream> = ours().map(|unit| unit.upstream).collect();
    if running.is_empty() { served.units(track).to_vec() } else { running }
}

/// The share that the router gives to the release, read from the router.
pub(super) fn given(slots: &Slots, release: &ReleaseId, state: &RouterState) -> Share {
    let points = state.table.share().basis_points();
    let to_second = Share::from_basis_points(points).unwrap_or(Share::ALL);
    match slots.track(release) {
        Some(track) if state.table.units(track).is_empty() => Share::NONE,
        Some(Track::Stable) => to_second.rest(),
        Some(Track::Candidate) => to_second,
        None => Share::NONE,
    }
}

/// Whether the table sends requests to this unit.
pub(super) fn is_routed(table: &RouteTable, upstream: Upstream) -> bool {
    [Track::Stable, Track::Candidate].iter().any(|track| table.units(*track).contains(&upstream))
}

/// What this unit carries now, on whatever track.
pub(super) fn in_flight(state: &RouterState, upstream: Upstream) -> u64 {
    let units = state.stable.units.iter().chain(&state.candidate.units).chain(&state.leaving);
    units.filter(|load| load.upstream == upstream).map(router::UnitLoad::in_flight).sum()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    fn id(name: &str) -> ReleaseId {
        name.parse().expect("a name")
    }

    fn percent(percent: u16) -> Share {
        Share::from_percent(percent).expect("a share")
    }

    fn unit(release: &str, port: u16, well: bool) -> Routable {
        let upstream = SocketAddr::from(([127, 0, 0, 1], port)).into();
        Routable { release: id(release), upstream, well }
    }

    fn shares(slots: &Slots) -> [u16; 3] {
        ["v1", "v2", "v3"].map(|name| slots.share(&id(name)).basis_points() / 100)
    }

    #[test]
    fn a_release_keeps_its_side_from_candidate_to_stable_to_gone() {
        let slots = Slots::default().shifted(None, &id("v1"), Share::ALL);
        assert_eq!((shares(&slots), slots.track(&id("v1"))), ([100, 0, 0], Some(Track::Candidate)));
        let slots = slots.shifted(Some(&id("v1")), &id("v2"), percent(10));
        assert_eq!((shares(&slots), slots.track(&id("v1"))), ([90, 10, 0], Some(Track::Candidate)));
        let slots = slots.shifted(Some(&id("v1")), &id("v2"), Share::ALL);
        assert_eq!((shares(&slots), slots.track(&id("v2"))), ([0, 100, 0], Some(Track::Stable)));
        let slots = slots.shifted(Some(&id("v2")), &id("v3"), percent(25));
        assert_eq!((shares(&slots), slots.track(&id("v2"))), ([0, 75, 25], Some(Track::Stable)));
        let back = slots.shifted(Some(&id("v2")), &id("v3"), Share::NONE);
        assert_eq!(shares(&back), [0, 100, 0]);
    }

    #[test]
    fn a_first_deploy_that_goes_back_leaves_nothing_routed() {
        let slots = Slots::default().shifted(None, &id("v1"), Share::ALL);
        let slots = slots.shifted(None, &id("v1"), Share::NONE);
        assert_eq!(shares(&slots), [0, 0, 0]);
        let closed = RouteTable::closed(Generation(4));
        assert_eq!(next_table(&slots, &[unit("v1", 1, true)], &closed), None);
    }

    #[test]
    fn only_units_that_are_well_get_traffic_while_there_are_any() {
        let slots = Slots::default().shifted(Some(&id("v1")), &id("v2"), percent(10));
        let closed = RouteTable::closed(Generation(4));
        let mut units = vec![unit("v1", 1, true), unit("v1", 2, false), unit("v2", 3, true)];
        let served = next_table(&slots, &units, &closed).expect("routes");
        assert_eq!(served.units(Track::Stable), [units[0].upstream]);
        assert_eq!(served.generation(), Generation(5));
        assert_eq!(next_table(&slots, &units, &served), None, "nothing changed");
        units[0].well = false;
        let pressed = next_table(&slots, &units, &served).expect("routes");
        assert_eq!(pressed.units(Track::Stable).len(), 2, "none is well, so all are tried");
        let gone = next_table(&slots, &units[2..], &served);
        assert_eq!(gone, None, "no table sends to nowhere");
    }
}
