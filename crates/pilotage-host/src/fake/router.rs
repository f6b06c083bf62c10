//! A router without traffic: the load of each unit is what the test says.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;

use crate::router::{
    Counters, Generation, RouteTable, Router, RouterError, RouterState, Track, TrackState,
    UnitLoad, Upstream,
};

use super::locked;

/// Serves tables and reports loads and counters that are set from outside.
#[derive(Debug)]
pub struct FakeRouter {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    table: RouteTable,
    loads: BTreeMap<Upstream, UnitLoad>,
    stable: Counters,
    candidate: Counters,
    history: Vec<RouteTable>,
    unreachable: Option<String>,
}

impl Default for FakeRouter {
    fn default() -> Self {
        let state = State {
            table: RouteTable::closed(Generation::default()),
            loads: BTreeMap::new(),
            stable: Counters::default(),
            candidate: Counters::default(),
            history: Vec::new(),
            unreachable: None,
        };
        Self { state: Mutex::new(state) }
    }
}

impl FakeRouter {
    /// The unit carries this much from now on.
    pub fn set_load(&self, upstream: Upstream, requests: u64, tunnels: u64) {
        let load = UnitLoad { upstream, requests, tunnels };
        locked(&self.state).loads.insert(upstream, load);
    }

    /// The track has answered this much by now.
    pub fn set_counters(&self, track: Track, counters: Counters) {
        let mut state = locked(&self.state);
        match track {
            Track::Stable => state.stable = counters,
            Track::Candidate => state.candidate = counters,
        }
    }

    /// Every call fails with this reason, until `None` is set.
    pub fn set_unreachable(&self, reason: Option<&str>) {
        locked(&self.state).unreachable = reason.map(str::to_owned);
    }

    /// Every table that was served, in order.
    pub fn history(&self) -> Vec<RouteTable> {
        locked(&self.state).history.clone()
    }

    fn reach<T>(
        &self,
        act: impl FnOnce(&mut State) -> Result<T, RouterError>,
    ) -> Result<T, RouterError> {
        let mut state = locked(&self.state);
        match state.unreachable.clone() {
            Some(reason) => Err(RouterError::Unreachable { reason }),
            None => act(&mut state),
        }
    }
}

impl State {
    fn load(&self, upstream: Upstream) -> UnitLoad {
        let idle = UnitLoad { upstream, requests: 0, tunnels: 0 };
        self.loads.get(&upstream).copied().unwrap_or(idle)
    }

    fn track(&self, track: Track, counters: &Counters) -> TrackState {
        let units = self.table.units(track).iter().map(|unit| self.load(*unit)).collect();
        TrackState { units, counters: counters.clone() }
    }

    fn lists(&self, upstream: &Upstream) -> bool {
        [Track::Stable, Track::Candidate].iter().any(|t| self.table.units(*t).contains(upstream))
    }

    fn read(&self) -> RouterState {
        let leaves = |load: &&UnitLoad| load.in_flight() > 0 && !self.lists(&load.upstream);
        RouterState {
            table: self.table.clone(),
            stable: self.track(Track::Stable, &self.stable),
            candidate: self.track(Track::Candidate, &self.candidate),
            leaving: self.loads.values().filter(leaves).copied().collect(),
        }
    }

    fn apply(&mut self, table: RouteTable) -> Result<(), RouterError> {
        let (served, offered) = (self.table.generation(), table.generation());
        if table == self.table {
            return Ok(());
        }
        if offered <= served {
            return Err(RouterError::Stale { served, offered });
        }
        self.history.push(table.clone());
        self.table = table;
        Ok(())
    }

    fn close(&mut self, unit: Upstream) -> u64 {
        self.loads.get_mut(&unit).map_or(0, |load| std::mem::take(&mut load.tunnels))
    }
}

#[async_trait]
impl Router for FakeRouter {
    async fn read(&self) -> Result<RouterState, RouterError> {
        self.reach(|state| Ok(state.read()))
    }

    async fn apply(&self, table: RouteTable) -> Result<(), RouterError> {
        self.reach(|state| state.apply(table))
    }

    async fn close_tunnels(&self, unit: Upstream) -> Result<usize, RouterError> {
        self.reach(|state| Ok(usize::try_from(state.close(unit)).unwrap_or(usize::MAX)))
    }
}
