//! Where journals and the lease are kept: in the account itself, so that any machine goes on with the
//! run of any other, or in a folder of this one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pilotage_aws::Session;
use pilotage_aws::journal::{DynamoJournals, S3Journals, Shelf};
use pilotage_aws::lease::{DynamoLeases, S3Leases};
use pilotage_cli::PlatformError;
use pilotage_clock::{Clock, SystemClock};
use pilotage_driver::drive::Patience;
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_driver::lease::StoreLease;
use pilotage_driver::role::{JournalStore, Lease};
use pilotage_lease::LeaseStore;
use pilotage_lease::client::{LeaseClient, Waiting};
use pilotage_rollout::{ExitCode, Span};
use serde::Deserialize;

use super::{EcsBerth, session, wrong};

/// How long to wait for a lease: longer than a dead holder's term, because a store cannot tell that a
/// holder is dead.
const WAITING: Span = Span::from_secs(45);

/// Where journals and leases are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Keep {
    /// In two tables of DynamoDB whose names begin so, `NAME-journals` and `NAME-leases`;
    /// `state create` makes them.
    DynamoDb(String),
    /// In a folder of a bucket, `s3://BUCKET/FOLDER`.
    S3(String),
    /// In a folder of this machine, which begins at that of the configuration.
    Directory(PathBuf),
}

/// What keeps the runs of one target.
pub(crate) struct Kept {
    pub(crate) journal: Arc<dyn JournalStore>,
    pub(crate) lease: Arc<dyn Lease>,
    pub(crate) patience: Patience,
}

/// The two tables of DynamoDB.
pub(crate) struct Tables {
    pub(crate) journals: DynamoJournals,
    pub(crate) leases: DynamoLeases,
}

pub(super) async fn open(berth: &EcsBerth) -> Result<Kept, PlatformError> {
    let target = &berth.target_name;
    match &berth.target.state {
        Keep::Directory(folder) => in_folder(&berth.root.join(folder), target),
        Keep::DynamoDb(name) => {
            let session = session(&berth.target).await?;
            let Tables { journals, leases } = tables(&session, name, target)?;
            remote(Arc::new(journals), Arc::new(leases), target)
        }
        Keep::S3(folder) => {
            let session = session(&berth.target).await?;
            in_bucket(&session, folder.trim_end_matches('/'), target).await
        }
    }
}

fn in_folder(folder: &Path, target: &str) -> Result<Kept, PlatformError> {
    let lease = FileLease::new(folder.join("leases"), target);
    let lease = lease.map_err(|why| {
        PlatformError::new(ExitCode::Refused, "the lease cannot be kept").because(why)
    })?;
    let journal = FileJournalStore::new(folder.join("runs").join(target));
    let patience = Patience::default();
    Ok(Kept { journal: Arc::new(journal), lease: Arc::new(lease), patience })
}

/// The tables that keep the runs of this target.
pub(crate) fn tables(session: &Session, name: &str, target: &str) -> Result<Tables, PlatformError> {
    let table = |part: &str| {
        let table = format!("{name}-{part}").parse();
        table.map_err(|why| wrong("the state cannot be kept there", why))
    };
    let shelf: Shelf = target.parse().map_err(|why| wrong("the target cannot be named", why))?;
    let journals = DynamoJournals::new(session, table("journals")?, shelf);
    Ok(Tables { journals, leases: DynamoLeases::new(session, table("leases")?) })
}

async fn in_bucket(session: &Session, folder: &str, target: &str) -> Result<Kept, PlatformError> {
    let at = |part: &str| {
        let place = format!("{folder}/{part}").parse();
        place.map_err(|why| wrong("the state cannot be kept there", why))
    };
    let journals = S3Journals::new(session, at(&format!("journals/{target}"))?);
    let leases = S3Leases::open(session, at("leases")?).await;
    let leases = leases.map_err(|why| wrong("the lease cannot be kept there", why))?;
    remote(Arc::new(journals), Arc::new(leases), target)
}

fn remote(
    journal: Arc<dyn JournalStore>,
    leases: Arc<dyn LeaseStore>,
    target: &str,
) -> Result<Kept, PlatformError> {
    let name = target.parse().map_err(|why| wrong("the lease cannot be named", why))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let client = LeaseClient::new(name, leases, clock.clone());
    let waiting = Waiting::up_to(WAITING).with_hold(Span::ZERO);
    let lease = StoreLease::new(client, clock).with_waiting(waiting);
    let acquire = WAITING + Span::from_secs(15);
    let patience = Patience { acquire, ..Patience::default() };
    Ok(Kept { journal, lease: Arc::new(lease), patience })
}
