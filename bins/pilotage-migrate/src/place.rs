//! Where migrations are run, composed: lease, database, runner and program.

use std::sync::Arc;

use pilotage_cli::LeasePlace;
use pilotage_clock::{Clock, SystemClock};
use pilotage_driver::file::FileLeaseStore;
use pilotage_lease::Card;
use pilotage_lease::client::LeaseClient;
use pilotage_migration::local::LocalProgram;
use pilotage_migration::saga::database::Database as _;
use pilotage_migration::saga::ledger::Entry;
use pilotage_migration::saga::runner::Runner;
use pilotage_redact::Veil;
use pilotage_rollout::Fence;
use pilotage_sql::{Database, Migrated};
use secrecy::ExposeSecret as _;

use crate::failure::Failure;
use crate::program::SelfCall;
use crate::runner;
use crate::settings::Settings;
use crate::store;
use crate::surroundings;

/// Where migrations are run.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) settings: Settings,
    pub(crate) lease: LeaseClient,
    pub(crate) database: Option<Migrated>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) veil: Veil,
    pub(crate) runner: Arc<dyn Runner>,
    card: Card,
    call: SelfCall,
}

impl Place {
    /// Composes it; only what a store of leases needs to be opened is asked yet. What programs say is
    /// told under this veil.
    pub(crate) async fn open(
        settings: Settings,
        call: SelfCall,
        veil: Veil,
    ) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let variable = settings.database.as_deref().filter(|variable| {
            !settings.may_do_without_database() || surroundings::secret(variable).is_some()
        });
        let address = variable.map(address).transpose()?;
        let lease = match (&settings.lease, &address) {
            (LeasePlace::File, _) => file_lease(&settings, &clock),
            (LeasePlace::Database, Some(database)) => {
                let store = database.lease_store();
                LeaseClient::new(settings.name.clone(), store, Arc::clone(&clock))
            }
            (LeasePlace::Database, None) => return Err(Failure::NoDatabase),
            (elsewhere, _) => {
                let store = store::open(elsewhere).await?;
                LeaseClient::new(settings.name.clone(), store, Arc::clone(&clock))
            }
        };
        let card = surroundings::card();
        let migrated =
            |database: Database| database.migrated(settings.name.clone(), card.who.clone());
        let database = address.map(migrated);
        let runner = runner::open(&settings, &call, &veil, &clock).await?;
        Ok(Self { settings, lease, database, clock, veil, runner, card, call })
    }

    /// Whether nothing of the database can be seen from here.
    pub(crate) fn is_blind(&self) -> bool {
        self.database.is_none() && self.settings.may_do_without_database()
    }

    /// The command of these settings, whose lines somebody hears.
    pub(crate) fn program(&self, echo: impl Fn(&str) + Send + Sync + 'static) -> LocalProgram {
        let (words, warden) = (self.settings.command.clone(), self.call.verb("warden"));
        LocalProgram::new(words, warden, Arc::clone(&self.clock))
            .in_folder(self.settings.folder.clone())
            .veiled(self.veil.clone())
            .heard_by(echo)
    }

    /// What others are told of this process.
    pub(crate) fn card(&self) -> Card {
        self.card.clone()
    }

    /// What is applied, as the database says.
    pub(crate) async fn ledger(&self) -> Result<Vec<Entry>, Failure> {
        let database = self.database.as_ref().ok_or(Failure::NoDatabase)?;
        let mut session = database.open(Fence::default()).await?;
        Ok(session.ledger().await?)
    }

    /// Where the lease is kept, in words.
    pub(crate) fn kept(&self) -> String {
        self.lease.place()
    }
}

/// When an owner dies, the kernel says so and the next one need not wait.
fn file_lease(settings: &Settings, clock: &Arc<dyn Clock>) -> LeaseClient {
    let store = Arc::new(FileLeaseStore::new(settings.state.join("leases")));
    let client = LeaseClient::new(settings.name.clone(), store.clone(), Arc::clone(clock));
    client.with_witness(store)
}

fn address(variable: &str) -> Result<Database, Failure> {
    let unset = || Failure::Unset { variable: variable.to_owned() };
    let address = surroundings::secret(variable).ok_or_else(unset)?;
    let wrong = |source| Failure::Address { variable: variable.to_owned(), source };
    address.expose_secret().trim().parse().map_err(wrong)
}
