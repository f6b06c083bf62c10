//! A database with a history of migrations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_driver::role::Migrator;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Action, MigrationId, Order, Outcome, ReadFailure, Rejection, Schema,
};

use super::{Death, lock};

/// A database with a history of migrations; one that is started needs one look to be done.
#[derive(Debug, Default)]
pub struct FakeMigrator {
    history: Mutex<BTreeMap<String, Schema>>,
    started: Mutex<u32>,
    poison: Option<String>,
    death: Arc<Death>,
}

impl FakeMigrator {
    /// A database whose users die as this says.
    pub fn mortal(death: Arc<Death>) -> Self {
        Self { death, ..Self::default() }
    }

    /// A database in which each migration fails half-way, with these words.
    pub fn poisoned(words: &str) -> Self {
        Self { poison: Some(words.into()), ..Self::default() }
    }

    /// How many migrations were really started.
    pub fn started(&self) -> u32 {
        *lock(&self.started)
    }

    fn look(&self, migration: &MigrationId) -> Schema {
        let mut history = lock(&self.history);
        let seen = history.get(&migration.0).cloned().unwrap_or(Schema::Absent);
        if seen == Schema::Applying {
            let poison = self.poison.clone();
            let next = poison.map_or(Schema::Applied, |reason| Schema::Dirty { reason });
            history.insert(migration.0.clone(), next);
        }
        seen
    }

    fn start(&self, migration: &MigrationId) -> Outcome {
        let mut history = lock(&self.history);
        match history.get(&migration.0) {
            Some(Schema::Applied | Schema::Applying) => return Outcome::Applied,
            Some(Schema::Dirty { reason }) => {
                return Outcome::NotApplied(Rejection::Refused { reason: reason.clone() });
            }
            Some(Schema::Absent) | None => {}
        }
        if history.values().any(|schema| *schema == Schema::Applying) {
            let reason = "another set is being applied".into();
            return Outcome::NotApplied(Rejection::Busy { reason, retry_after: None });
        }
        *lock(&self.started) += 1;
        history.insert(migration.0.clone(), Schema::Applying);
        Outcome::Applied
    }
}

#[async_trait]
impl Migrator for FakeMigrator {
    async fn inspect(&self, migration: &MigrationId) -> Result<Schema, ReadFailure> {
        self.death.point().await;
        let seen = self.look(migration);
        self.death.point().await;
        Ok(seen)
    }

    async fn apply(&self, _: &RunId, order: &Order) -> Outcome {
        let Action::Migrate { migration } = &order.action else {
            panic!("a migrator was asked to {}", order.action)
        };
        self.death.point().await;
        let outcome = self.start(migration);
        self.death.point().await;
        outcome
    }
}
