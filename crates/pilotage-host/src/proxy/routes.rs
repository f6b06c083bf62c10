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
    /// Gives a request to a unit, with the cookie to set if its client is to stay on that side.
    ///
    /// Each turn of the loop means that another table was applied meanwhile, so it ends.
    pub(super) fn claim(&self, headers: &HeaderMap) -> Option<(Claim, Option<HeaderValue>)> {
        loop {
            let served = self.served.load();
            let (bucket, cookie) = self.sequence.bucket(served.table.affinity(), headers);
            let track = bucket.track(served.table.share());
            let claim = served.side(track).next_unit().map(|unit| {
                (Claim::new(unit.clone(), track, self.counters(track).clone()), cookie)
            });
            if self.is_current(&served) {
                return claim;
            }
        }
    }

    /// Gives a request that its unit has not seen to another unit of the same track.
    pub(super) fn claim_beside(&self, failed: &Claim) -> Option<Claim> {
        let track = failed.track();
        loop {
            let served = self.served.load();
            let claim = served
                .side(track)
                .another_unit(failed.unit())
                .map(|unit| Claim::new(unit.clone(), track, self.counters(track).clone()));
            if self.is_current(&served) {
                return claim;
            }
        }
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

    /// The units of this track.
    pub(super) fn units(&self, track: Track) -> Vec<Arc<Unit>> {
        self.served.load().side(track).units.clone()
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
