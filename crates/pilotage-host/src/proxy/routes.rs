//! The table as the request path uses it, and its atomic replacement.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use hyper::HeaderMap;
use hyper::header::HeaderValue;

use crate::router::{
    Generation, RouteTable, RouterError, RouterState, Track, TrackState, UnitLoad, Upstream,
};

use super::choice::Sequence;
use super::counters::TrackCounters;
use super::unit::{Claim, Unit};

/// The routes of a proxy: readers never wait, writers take turns.
#[derive(Debug)]
pub(super) struct Routes {
    served: ArcSwap<Served>,
    /// The generation of `served`, published after it; see [`Claim`].
    generation: AtomicU64,
    /// Every unit that is in the table or still carries something.
    units: Mutex<BTreeMap<Upstream, Arc<Unit>>>,
    sequence: Sequence,
    stable: Arc<TrackCounters>,
    candidate: Arc<TrackCounters>,
}

/// One immutable table with the state of its units.
#[derive(Debug)]
struct Served {
    table: RouteTable,
    stable: Side,
    candidate: Side,
}

/// The table was replaced before the claim could be seen by whoever replaced it.
#[derive(Debug)]
struct Outdated;

#[derive(Debug, Default)]
struct Side {
    units: Vec<Arc<Unit>>,
    next: AtomicUsize,
}

impl Side {
    fn next_unit(&self) -> Option<&Arc<Unit>> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        turn.checked_rem(self.units.len()).and_then(|index| self.units.get(index))
    }

    /// The next unit that is not this one and speaks the same protocol.
    fn another_unit(&self, failed: &Arc<Unit>) -> Option<&Arc<Unit>> {
        let (known, spoken) = (failed.upstream(), failed.upstream().protocol);
        let fits =
            |unit: &&Arc<Unit>| unit.upstream() != known && unit.upstream().protocol == spoken;
        (0..self.units.len()).filter_map(|_| self.next_unit()).find(fits)
    }

    fn loads(&self) -> Vec<UnitLoad> {
        self.units.iter().map(|unit| unit.load()).collect()
    }
}

impl Served {
    fn side(&self, track: Track) -> &Side {
        match track {
            Track::Stable => &self.stable,
            Track::Candidate => &self.candidate,
        }
    }
}

impl Default for Routes {
    fn default() -> Self {
        let table = RouteTable::closed(Generation::default());
        let served = Served { table, stable: Side::default(), candidate: Side::default() };
        Self {
            served: ArcSwap::from_pointee(served),
            generation: AtomicU64::default(),
            units: Mutex::default(),
            sequence: Sequence::default(),
            stable: Arc::default(),
            candidate: Arc::default(),
        }
    }
}

impl Routes {
    /// Gives a request to a unit, with the cookie to set if its client is to stay on that side;
    /// `None` if no unit is routed to.
    pub(super) fn claim(&self, headers: &HeaderMap) -> Option<(Claim, Option<HeaderValue>)> {
        self.by_current_table(|served| {
            let (bucket, cookie) = self.sequence.bucket(served.table.affinity(), headers);
            let track = bucket.track(served.table.share());
            let unit = served.side(track).next_unit()?;
            Some((self.claim_on(unit, track), cookie))
        })
    }

    /// Gives a request that its unit has not seen to another unit of the same track.
    pub(super) fn claim_beside(&self, failed: &Claim) -> Option<Claim> {
        let track = failed.track();
        self.by_current_table(|served| {
            let unit = served.side(track).another_unit(failed.unit())?;
            Some(self.claim_on(unit, track))
        })
    }

    fn claim_on(&self, unit: &Arc<Unit>, track: Track) -> Claim {
        Claim::new(unit.clone(), track, self.counters(track).clone())
    }

    /// Claims by the table that is served, until that table was still served after the claim.
    ///
    /// Each turn of the loop means that another table was applied meanwhile, so it ends.
    fn by_current_table<T>(&self, claim: impl Fn(&Served) -> Option<T>) -> Option<T> {
        loop {
            if let Ok(claimed) = self.by_table(&self.served.load(), &claim) {
                return claimed;
            }
        }
    }

    fn by_table<T>(
        &self,
        served: &Served,
        claim: impl Fn(&Served) -> Option<T>,
    ) -> Result<Option<T>, Outdated> {
        let claimed = claim(served);
        if self.is_current(served) { Ok(claimed) } else { Err(Outdated) }
    }

    fn is_current(&self, served: &Served) -> bool {
        self.generation.load(Ordering::SeqCst) <= served.table.generation().0
    }

    /// Replaces the table; returns the units that left it.
    pub(super) fn apply(&self, table: RouteTable) -> Result<Vec<Arc<Unit>>, RouterError> {
        let mut units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let served = self.served.load();
        if served.table == table {
            return Ok(Vec::new());
        }
        let (current, offered) = (served.table.generation(), table.generation());
        if offered <= current {
            return Err(RouterError::Stale { served: current, offered });
        }
        let stable = side(&mut units, table.units(Track::Stable));
        let candidate = side(&mut units, table.units(Track::Candidate));
        let next = Served { table, stable, candidate };
        let left = left(&served, &next);
        self.served.store(Arc::new(next));
        self.generation.store(offered.0, Ordering::SeqCst);
        units.retain(|_, unit| {
            !left.iter().any(|l| Arc::ptr_eq(l, unit)) || unit.load().in_flight() > 0
        });
        Ok(left)
    }

    /// The unit at this address, as long as it is in the table or still carries something.
    pub(super) fn unit(&self, upstream: Upstream) -> Option<Arc<Unit>> {
        self.units.lock().unwrap_or_else(PoisonError::into_inner).get(&upstream).cloned()
    }

    /// Every unit that is in the table or still carries something.
    pub(super) fn all_units(&self) -> Vec<Arc<Unit>> {
        self.units.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The table, the loads and the counters.
    pub(super) fn read(&self) -> RouterState {
        let served = self.served.load();
        let state = |track| TrackState {
            units: served.side(track).loads(),
            counters: self.counters(track).read(),
        };
        RouterState {
            table: served.table.clone(),
            stable: state(Track::Stable),
            candidate: state(Track::Candidate),
            leaving: self.leaving(&served),
        }
    }

    fn leaving(&self, served: &Served) -> Vec<UnitLoad> {
        let mut units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = |unit: &Upstream| {
            served.table.units(Track::Stable).contains(unit)
                || served.table.units(Track::Candidate).contains(unit)
        };
        units.retain(|upstream, unit| listed(upstream) || unit.load().in_flight() > 0);
        units.iter().filter(|(upstream, _)| !listed(upstream)).map(|(_, u)| u.load()).collect()
    }

    fn counters(&self, track: Track) -> &Arc<TrackCounters> {
        match track {
            Track::Stable => &self.stable,
            Track::Candidate => &self.candidate,
        }
    }
}

fn side(units: &mut BTreeMap<Upstream, Arc<Unit>>, upstreams: &[Upstream]) -> Side {
    let known = |upstream: &Upstream| {
        units.entry(*upstream).or_insert_with(|| Arc::new(Unit::new(*upstream))).clone()
    };
    Side { units: upstreams.iter().map(known).collect(), next: AtomicUsize::default() }
}

fn left(before: &Served, after: &Served) -> Vec<Arc<Unit>> {
    let stays = |unit: &&Arc<Unit>| {
        after.stable.units.iter().chain(&after.candidate.units).all(|u| !Arc::ptr_eq(u, unit))
    };
    before.stable.units.iter().chain(&before.candidate.units).filter(stays).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::router::Share;

    fn unit(port: u16) -> Upstream {
        SocketAddr::from(([127, 0, 0, 1], port)).into()
    }

    fn table(generation: u64, share: Share) -> RouteTable {
        RouteTable::weighted(Generation(generation), vec![unit(1)], vec![unit(2)], share)
            .expect("valid")
    }

    #[test]
    fn a_claim_by_a_table_that_was_replaced_meanwhile_is_let_go() {
        let routes = Routes::default();
        routes.apply(table(1, Share::NONE)).expect("newer");
        let stable = routes.unit(unit(1)).expect("it is in the table");
        let read_before = routes.served.load_full();
        routes.apply(table(2, Share::ALL)).expect("newer");
        let claim = |served: &Served| {
            let unit = served.side(Track::Stable).next_unit()?;
            Some(routes.claim_on(unit, Track::Stable))
        };
        assert!(routes.by_table(&read_before, claim).is_err());
        assert_eq!(stable.load().in_flight(), 0);
        let (claim, _) = routes.claim(&HeaderMap::new()).expect("a unit");
        assert_eq!(claim.unit().upstream(), unit(2));
    }

    #[test]
    fn a_unit_keeps_what_it_carries_whatever_track_it_is_on() {
        let routes = Routes::default();
        routes.apply(table(1, Share::ALL)).expect("newer");
        let (claim, _) = routes.claim(&HeaderMap::new()).expect("a unit");
        let promoted = RouteTable::stable(Generation(2), vec![unit(2)]).expect("valid");
        let left = routes.apply(promoted).expect("newer");
        assert_eq!(left.len(), 1);
        assert_eq!(routes.read().stable.in_flight(), 1);
        drop(claim);
        assert_eq!(routes.read().stable.in_flight(), 0);
    }
}
