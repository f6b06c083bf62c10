//! Leases in DynamoDB and S3.

use std::sync::Arc;

use pilotage_aws::lease::{DynamoLeases, S3Leases};
use pilotage_aws::table::TableError;
use pilotage_aws::{Session, Settings};
use pilotage_cli::{DynamoDbLease, S3Lease};
use pilotage_clock::SystemClock;
use pilotage_lease::{LeaseStore, StoreFailure};

use crate::failure::Failure;

pub(super) async fn dynamodb(lease: &DynamoDbLease) -> Result<Arc<dyn LeaseStore>, Failure> {
    Ok(Arc::new(table(lease).await?))
}

pub(super) async fn s3(lease: &S3Lease) -> Result<Arc<dyn LeaseStore>, Failure> {
    let S3Lease { folder, region, profile, endpoint } = lease.clone();
    let bucket = folder.parse().map_err(Failure::store)?;
    let session = session(region, profile, endpoint).await?;
    Ok(Arc::new(S3Leases::open(&session, bucket).await?))
}

/// Makes the table, if it is not there.
pub(super) async fn create(lease: &DynamoDbLease) -> Result<String, Failure> {
    let leases = table(lease).await?;
    let made = leases.create(&SystemClock::new()).await.map_err(unmade)?;
    let word = if made { "made" } else { "there already" };
    Ok(format!("{} is {word}", leases.place()))
}

fn unmade(error: TableError) -> Failure {
    let stays = error.stays();
    let failure = StoreFailure::from_source(error.to_string(), error);
    Failure::Store(if stays { failure.that_stays() } else { failure })
}

async fn table(lease: &DynamoDbLease) -> Result<DynamoLeases, Failure> {
    let DynamoDbLease { table, region, profile, endpoint } = lease.clone();
    let table = table.parse().map_err(Failure::store)?;
    let session = session(region, profile, endpoint).await?;
    Ok(DynamoLeases::new(&session, table))
}

async fn session(
    region: Option<String>,
    profile: Option<String>,
    endpoint: Option<String>,
) -> Result<Session, Failure> {
    let settings = Settings { region, profile, endpoint, role: None, clock: None };
    Session::open(&settings).await.map_err(Failure::store)
}
