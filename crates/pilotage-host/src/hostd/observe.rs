//! The live state in the engine's words: units from their processes, shares from the proxy.

use std::io;

use pilotage_rollout::target::{Delegation, Failing, Group, Observation};

use crate::router::RouterState;
use crate::runtime::{Runtime, RuntimeError, UnitState, UnitStatus};
use crate::wire::UnitInfo;

use super::host::{Book, Host};
use super::ledger::Berth;
use super::reconcile::{is_there, staying};
use super::routes::{given, in_flight};

/// How many failing units are told of, and how much of the last words of each.
const MOST_FAILING: usize = 3;
const LAST_WORDS: usize = 600;
/// How much more is read than is told, so that a secret at the cut is read as a whole.
const LONGEST_SECRET: usize = 4096;

impl Host {
    /// Asks every unit and reads the routes, just now.
    pub(super) async fn observe(&self) -> io::Result<Observation> {
        self.ask_units().await.map_err(io::Error::other)?;
        let book = self.book.lock().await;
        let units = self.runtime.list().await.map_err(io::Error::other)?;
        let routes = self.routes().await?;
        let mut groups = Vec::new();
        for berth in book.ledger.berths.values().filter(|berth| berth.ran) {
            groups.push(self.group(&book, berth, &units, &routes).await);
        }
        let (fence, incarnation) = (book.ledger.fence, book.ledger.incarnation);
        Ok(Observation { fence, incarnation, groups, delegation: Delegation::Idle })
    }

    async fn group(
        &self,
        book: &Book,
        berth: &Berth,
        units: &[UnitStatus],
        routes: &RouterState,
    ) -> Group {
        let id = &berth.spec.release.id;
        let ours = units.iter().filter(|unit| unit.spec.release == *id && is_there(unit));
        let carried: u64 = ours.map(|unit| in_flight(routes, book.upstream(unit))).sum();
        Group {
            release: berth.spec.release.clone(),
            desired: berth.desired,
            ready: self.ready(book, units, id).min(berth.desired),
            restarts: staying(book, units, id).map(|unit| unit.restarts).sum(),
            in_flight: Some(u32::try_from(carried).unwrap_or(u32::MAX)),
            share: given(&book.ledger.slots, id, routes),
            failing: self.failing(book, berth, units).await,
        }
    }

    async fn failing(&self, book: &Book, berth: &Berth, units: &[UnitStatus]) -> Vec<Failing> {
        let id = &berth.spec.release.id;
        let mut failing = Vec::new();
        if let Some(trouble) = book.troubles.get(id).filter(|_| berth.desired > 0) {
            let (reason, hopeless) = (trouble.reason.clone(), trouble.hopeless);
            failing.push(Failing { unit: id.to_string(), reason, hopeless });
        }
        let unwell = staying(book, units, id).filter(|unit| !self.is_ready(unit));
        for unit in unwell.take(MOST_FAILING) {
            failing.push(self.unwell(unit).await);
        }
        failing
    }

    async fn unwell(&self, unit: &UnitStatus) -> Failing {
        let mut reason = self.describe(unit);
        let words = self.tail(unit, LAST_WORDS).await.unwrap_or_default();
        if !words.trim().is_empty() {
            reason = format!("{reason}; its last words: {}", words.trim_end());
        }
        let hopeless = matches!(unit.state, UnitState::Failed { .. });
        Failing { unit: unit.spec.name.to_string(), reason, hopeless }
    }

    /// What is to be said of a unit in one sentence.
    fn describe(&self, unit: &UnitStatus) -> String {
        match unit.state {
            UnitState::Running { pid } => {
                let healths = self.healths();
                let reason = healths.reason(&unit.spec.name, pid);
                reason.map_or_else(|| "is well".to_owned(), |reason| format!("not ready: {reason}"))
            }
            UnitState::Restarting { exit } => format!("{exit} and will be started again"),
            UnitState::Failed { exit } => {
                format!("{exit} and was given up after {} restarts", unit.restarts)
            }
            UnitState::Stopped { .. } => "was stopped".to_owned(),
        }
    }

    /// The end of the unit's log, without the values that were given to it in its environment.
    pub(super) async fn tail(
        &self,
        unit: &UnitStatus,
        bytes: usize,
    ) -> Result<String, RuntimeError> {
        let words = self.runtime.tail(&unit.spec.name, bytes + LONGEST_SECRET).await?;
        Ok(unit.spec.artifact.env.last_words(words.as_bytes(), bytes))
    }

    /// Every unit that is there.
    pub(super) async fn units(&self) -> io::Result<Vec<UnitInfo>> {
        self.ask_units().await.map_err(io::Error::other)?;
        let book = self.book.lock().await;
        let units = self.runtime.list().await.map_err(io::Error::other)?;
        let info = |unit: &UnitStatus| {
            let upstream = book.upstream(unit);
            let leaving = book.leaving.contains_key(&unit.spec.name);
            UnitInfo {
                name: unit.spec.name.clone(),
                release: unit.spec.release.clone(),
                address: upstream.address,
                protocol: upstream.protocol,
                ready: self.is_ready(unit) && !leaving,
                state: if leaving { "is leaving".to_owned() } else { self.describe(unit) },
            }
        };
        Ok(units.iter().map(info).collect())
    }
}
