//! Leases in an emulator of AWS: one request for each call, as it is there.

use std::path::Path;
use std::sync::Arc;

use pilotage_aws::lease::{DynamoLeases, S3Leases};
use pilotage_aws::session::Role;
use pilotage_aws::{Session, Settings, bucket};
use pilotage_clock::SystemClock;
use pilotage_identity::TokenFile;
use pilotage_lease::OwnerId;
use pilotage_xtask::{Error, files};

use super::stores::{Opened, unusable};

/// A new table and a new bucket, for leases under a role whose token is kept in this folder.
pub(super) async fn opened(place: &Path, folder: &Path) -> Result<Vec<Opened>, Error> {
    let address = files::read(place)?;
    let session = session(address.trim(), folder).await?;
    let name = format!("bench-{}", OwnerId::random().map_err(|error| unusable(&error))?);
    let table = name.parse().map_err(|error| unusable(&error))?;
    let leases = DynamoLeases::new(&session, table);
    leases.create(&SystemClock::new()).await.map_err(|error| unusable(&error))?;
    let bucket = format!("s3://{name}/leases").parse().map_err(|error| unusable(&error))?;
    bucket::create(&session, &bucket).await.map_err(|error| unusable(&error))?;
    let objects = S3Leases::open(&session, bucket).await.map_err(|error| unusable(&error))?;
    Ok(vec![("dynamodb", Arc::new(leases)), ("s3", Arc::new(objects))])
}

async fn session(address: &str, folder: &Path) -> Result<Session, Error> {
    let token = folder.join("token");
    files::write(&token, "token.of.bench")?;
    let arn = "arn:aws:iam::000000000000:role/bench".parse().map_err(|error| unusable(&error))?;
    let session = "bench".parse().map_err(|error| unusable(&error))?;
    let role = Role {
        arn,
        session,
        external_id: None,
        web_identity: Some(Arc::new(TokenFile::new(token))),
    };
    let settings = Settings {
        // Where a bucket is that nobody has said a region for.
        region: Some("us-east-1".into()),
        profile: None,
        endpoint: Some(address.into()),
        role: Some(role),
        clock: None,
    };
    Session::open(&settings).await.map_err(|error| unusable(&error))
}
