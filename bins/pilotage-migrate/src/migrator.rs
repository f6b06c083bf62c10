//! The driver's role of whoever applies migrations, filled by the saga on this machine.

use async_trait::async_trait;
use pilotage_driver::role::Migrator;
use pilotage_lease::{Record, Tenancy};
use pilotage_migration::saga::dispatch::{Dispatched, Job, Watched, dispatch};
use pilotage_migration::saga::next::{Next, next};
use pilotage_migration::saga::runner::{Life, Runner as _};
use pilotage_migration::saga::word::{Says, Word};
use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{MigrationId, Order, Outcome, ReadFailure, Rejection, Schema};
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::place::Place;
use crate::program::SelfCall;
use crate::set::Set;
use crate::settings::Settings;

/// How long to wait for others who have the database; the run asks again.
const PATIENCE: Span = Span::from_secs(45);

/// Migrations of an environment, applied by workers of this machine.
#[derive(Debug)]
pub struct SagaMigrator {
    place: Place,
}

impl SagaMigrator {
    /// The migrations that these settings name. The leading arguments are those that make the file
    /// of this process this program.
    pub fn new(settings: Settings, leading: &[&str]) -> Result<Self, Failure> {
        let lost = |source| Failure::System { what: "find itself", source };
        let call = SelfCall::of_this_process(leading).map_err(lost)?;
        Ok(Self { place: Place::open(settings, call)? })
    }

    /// Names the set as it is now.
    pub fn migration(settings: &Settings) -> Result<MigrationId, Failure> {
        Ok(MigrationId(Set::read(settings)?.digest.to_string()))
    }

    /// The set, if it still is the one that was planned.
    fn set(&self, migration: &MigrationId) -> Result<Set, String> {
        let set = Set::read(&self.place.settings).map_err(|error| self.told(&error))?;
        if set.digest.to_string() == migration.0 {
            return Ok(set);
        }
        Err("the migrations are not those that were planned: bring the files back, or plan again"
            .into())
    }

    fn told(&self, failure: &Failure) -> String {
        let all = std::iter::once(failure.to_string()).chain(failure.causes());
        self.place.veil.cover(&all.collect::<Vec<_>>().join(": "))
    }

    /// What the lease's record says of the set.
    async fn by_record(&self, set: &Set, record: &Record) -> Option<Schema> {
        let (card, attempt) = match &record.tenancy {
            Tenancy::Free(card) => (card.as_ref()?, None),
            Tenancy::Held(tenure) => (&tenure.card, Some(tenure.from)),
        };
        let word = card.doing.parse::<Word>().ok().filter(|word| word.set == set.digest)?;
        match (attempt, word.says) {
            // Who has it and took over from nobody is a job that has not handed over yet.
            (Some(None), _) => Some(Schema::Applying),
            (Some(Some(attempt)), _) => match self.place.runner().look(attempt).await {
                Life::Ended { .. } => None,
                Life::Running | Life::Unseen { .. } => Some(Schema::Applying),
            },
            (None, Says::Applied) => Some(Schema::Applied),
            (None, Says::Failed { reason, .. }) => {
                let reason = format!("{}; then `pilotage-migrate run`", reason.trim_end());
                Some(Schema::Dirty { reason })
            }
            (None, Says::Applying) => None,
        }
    }

    async fn look(&self, set: &Set) -> Result<Schema, Failure> {
        let record = self.place.lease.show().await?;
        let said = match &record {
            Some(record) => self.by_record(set, record).await,
            None => None,
        };
        match said {
            Some(Schema::Applied) | None if !set.scripts.is_empty() => self.by_ledger(set).await,
            Some(schema) => Ok(schema),
            None => Ok(Schema::Absent),
        }
    }

    async fn by_ledger(&self, set: &Set) -> Result<Schema, Failure> {
        let ledger = self.place.ledger().await?;
        Ok(match next(&set.scripts, &ledger, self.place.settings.gaps) {
            Ok(Next::Nothing) => Schema::Applied,
            Ok(_) => Schema::Absent,
            Err(refusal) => Schema::Dirty { reason: refusal.to_string() },
        })
    }

    /// Has a worker begin, and returns as soon as it has taken over.
    async fn begin(&self, set: &Set) -> Outcome {
        let (runner, under_way) = (self.place.runner(), Notify::new());
        let job = Job {
            set: set.digest,
            lease: &self.place.lease,
            runner: &runner,
            clock: &*self.place.clock,
            limit: PATIENCE,
        };
        let mut tell = |watched: &Watched| {
            if matches!(watched, Watched::Attached { .. } | Watched::HandedOver) {
                under_way.notify_one();
            }
        };
        tokio::select! {
            biased;
            dispatched = dispatch(job, self.place.card(), &mut tell) => match dispatched {
                Ok(dispatched) => outcome(dispatched),
                Err(error) => Outcome::Unknown { reason: error.to_string() },
            },
            () = under_way.notified() => Outcome::Applied,
        }
    }
}

#[async_trait]
impl Migrator for SagaMigrator {
    async fn inspect(&self, migration: &MigrationId) -> Result<Schema, ReadFailure> {
        let set = self.set(migration).map_err(|reason| ReadFailure::Refused { reason })?;
        self.look(&set).await.map_err(|failure| {
            let reason = self.told(&failure);
            ReadFailure::Unavailable { reason, retry_after: None }
        })
    }

    async fn apply(&self, _: &RunId, order: &Order) -> Outcome {
        let refused = |reason| Outcome::NotApplied(Rejection::Refused { reason });
        let pilotage_rollout::target::Action::Migrate { migration } = &order.action else {
            return refused(format!("a migrator does not {}", order.action));
        };
        let set = match self.set(migration) {
            Ok(set) => set,
            Err(reason) => return refused(reason),
        };
        match self.look(&set).await {
            Ok(Schema::Applied) => Outcome::Applied,
            _ => self.begin(&set).await,
        }
    }
}

fn outcome(dispatched: Dispatched) -> Outcome {
    match dispatched {
        Dispatched::Applied => Outcome::Applied,
        Dispatched::Failed { reason, .. } => Outcome::NotApplied(Rejection::Refused { reason }),
        Dispatched::Busy { who } => {
            Outcome::NotApplied(Rejection::Busy { reason: who, retry_after: None })
        }
        Dispatched::Unknown { reason } => Outcome::Unknown { reason },
    }
}
