//! Stores of leases beside files and databases: opened when one is chosen, and no sooner.
//!
//! Each stands behind a feature, for its SDK is larger than all the rest of the program.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "kubernetes")]
mod kubernetes;

use std::sync::Arc;

use pilotage_cli::LeasePlace;
use pilotage_lease::LeaseStore;

use crate::failure::Failure;

/// Opens the store; `file` and `database` are none of its business.
#[cfg_attr(
    not(any(feature = "aws", feature = "kubernetes")),
    expect(clippy::unused_async, reason = "others have to wait")
)]
pub(crate) async fn open(place: &LeasePlace) -> Result<Arc<dyn LeaseStore>, Failure> {
    match place {
        #[cfg(feature = "aws")]
        LeasePlace::DynamoDb(lease) => aws::dynamodb(lease).await,
        #[cfg(feature = "aws")]
        LeasePlace::S3(lease) => aws::s3(lease).await,
        #[cfg(feature = "kubernetes")]
        LeasePlace::Kubernetes(lease) => kubernetes::open(lease).await,
        // What this build has no SDK for.
        _ => Err(Failure::NotBuilt),
    }
}

/// Makes what the store needs, and says what became of it.
#[cfg_attr(not(feature = "aws"), expect(clippy::unused_async, reason = "others have to wait"))]
pub(crate) async fn create(place: &LeasePlace) -> Result<String, Failure> {
    match place {
        LeasePlace::File | LeasePlace::Database => {
            Ok("nothing is to be made: it is made with the first lease".into())
        }
        #[cfg(feature = "aws")]
        LeasePlace::DynamoDb(lease) => aws::create(lease).await,
        _ => Ok("nothing is to be made: bucket and namespace must be there".into()),
    }
}
