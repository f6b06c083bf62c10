//! The driver's role of whoever applies migrations, filled by the saga on this machine.

use async_trait::async_trait;
use pilotage_driver::role::Migrator;
use pilotage_lease::{OwnerId, Record, Tenancy};
use pilotage_migration::saga::dispatch::{Dispatched, Job, Watched, dispatch};
use pilotage_migration::saga::next::{Next, next};
use pilotage_migration::saga::runner::Life;
use pilotage_migration::saga::word::{Says, Word};
use pilotage_redact::Veil;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Action, MigrationId, Order, Outcome, ReadFailure, Rejection, Schema,
};
use pilotage_rollout::{ExitCode, Span};
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::place::Place;
use crate::program::SelfCall;
use crate::set::Set;
use crate::settings::Settings;

/// How long to wait for others who have the database; the run asks again.
const PATIENCE: Span = Span::from_secs(45);

/// Migrations of an environment, applied by workers of this machine. Nothing is opened before it
/// is asked: most verbs need no database.
#[derive(Debug)]
pub struct SagaMigrator {
    settings: Settings,
    call: SelfCall,
}

impl SagaMigrator {
    /// The migrations that these settings name. The leading arguments are those that make the file
    /// of this process this program.
    pub fn new(settings: Settings, leading: &[&str]) -> Result<Self, Failure> {
        let lost = |source| Failure::System { what: "find itself", source };
        let call = SelfCall::of_this_process(leading).map_err(lost)?;
        Ok(Self { settings, call })
    }

    /// Names the set as it is now. A command must say what it reads: what is applied once is not
    /// applied again, and a new migration has to be noticed.
    pub fn migration(settings: &Settings) -> Result<MigrationId, Failure> {
        if settings.files.is_empty() && !settings.command.is_empty() {
            return Err(Failure::NoInput);
        }
        Ok(MigrationId(Set::read(settings)?.digest.to_string()))
    }

    async fn open(&self, migration: &MigrationId) -> Result<Opened, Failure> {
        let set = Set::read(&self.settings)?;
        if set.digest.to_string() != migration.0 {
            let what = "the migrations are not those that were planned".into();
            return Err(Failure::Refused { what, help: "plan again".into() });
        }
        let place = Place::open(self.settings.clone(), self.call.clone(), Veil::default()).await?;
        Ok(Opened { place, set })
    }

    async fn look(&self, migration: &MigrationId) -> Result<Schema, Failure> {
        self.open(migration).await?.look().await
    }

    async fn begin(&self, migration: &MigrationId) -> Result<Outcome, Failure> {
        let opened = self.open(migration).await?;
        match opened.look().await {
            Ok(Schema::Applied) => Ok(Outcome::Applied),
            _ => Ok(opened.begin().await),
        }
    }
}

/// All of it in one line; the driver masks it with everything else that it is told.
fn told(failure: &Failure) -> String {
    let all = std::iter::once(failure.to_string()).chain(failure.causes());
    all.collect::<Vec<_>>().join(": ")
}

/// The planned set, and the place that applies it.
struct Opened {
    place: Place,
    set: Set,
}

impl Opened {
    async fn look(&self) -> Result<Schema, Failure> {
        let record = self.place.lease.show().await?;
        let said = match &record {
            Some(record) => self.by_record(record).await,
            None => None,
        };
        let has_ledger = !self.set.scripts.is_empty() && !self.place.is_blind();
        match said {
            Some(Schema::Applied) | None if has_ledger => self.by_ledger().await,
            Some(schema) => Ok(schema),
            None => Ok(Schema::Absent),
        }
    }

    /// What the lease's record says of the set.
    async fn by_record(&self, record: &Record) -> Option<Schema> {
        let (card, attempt) = match &record.tenancy {
            Tenancy::Free(card) => (card.as_ref()?, None),
            Tenancy::Held(tenure) => (&tenure.card, Some(tenure.from)),
        };
        let word = card.doing.parse::<Word>().ok().filter(|word| word.set == self.set.digest)?;
        match (attempt, word.says) {
            (Some(attempt), _) => self.under_way(attempt?).await,
            (None, Says::Applied) => Some(Schema::Applied),
            (None, Says::Failed { reason, .. }) => Some(Schema::Dirty {
                reason: format!("{}; mend it, then `pilotage-migrate run`", reason.trim_end()),
            }),
            (None, Says::Applying) => None,
        }
    }

    /// A worker that took over from this attempt is at it, unless it is certainly dead. A job that
    /// has not handed over yet may die before it does: it is waited for like anybody else.
    async fn under_way(&self, attempt: OwnerId) -> Option<Schema> {
        let life = self.place.runner.look(attempt).await;
        (!matches!(life, Life::Ended { .. })).then_some(Schema::Applying)
    }

    async fn by_ledger(&self) -> Result<Schema, Failure> {
        let ledger = self.place.ledger().await?;
        Ok(match next(&self.set.scripts, &ledger, self.place.settings.gaps) {
            Ok(Next::Nothing) => Schema::Applied,
            Ok(_) => Schema::Absent,
            Err(refusal) => Schema::Dirty { reason: refusal.to_string() },
        })
    }

    /// Has a worker begin, and returns as soon as it has taken over.
    async fn begin(&self) -> Outcome {
        let under_way = Notify::new();
        let job = Job {
            set: self.set.digest,
            lease: &self.place.lease,
            runner: &*self.place.runner,
            clock: &*self.place.clock,
            limit: PATIENCE,
            hold: PATIENCE,
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
        self.look(migration).await.or_else(|failure| {
            let reason = told(&failure);
            match failure.exit_code() {
                ExitCode::Unknown => Err(ReadFailure::Unavailable { reason, retry_after: None }),
                // What is certain to be refused needs nobody to wait for.
                ExitCode::Refused => Ok(Schema::Dirty { reason }),
                _ => Err(ReadFailure::Refused { reason }),
            }
        })
    }

    async fn apply(&self, _: &RunId, order: &Order) -> Outcome {
        let refused = |reason| Outcome::NotApplied(Rejection::Refused { reason });
        let Action::Migrate { migration } = &order.action else {
            return refused(format!("a migrator does not {}", order.action));
        };
        let begun = self.begin(migration).await;
        begun.unwrap_or_else(|failure| refused(told(&failure)))
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
