//! Whether the store honours conditions.

use pilotage_lease::{LeaseStore as _, StoreFailure, Tag};

use super::object::Put;
use super::{S3Leases, outcome};

/// The object that is written for it; no lease has such a name.
const TRIAL: &str = ".trial";

/// A tag that no object has.
const NEVER: &str = "\"00000000000000000000000000000000\"";

impl S3Leases {
    /// Writes the same object twice under the condition that there is none, and once under the
    /// condition that it is another one: all but perhaps the first must be refused.
    pub(super) async fn try_out(&self) -> Result<(), StoreFailure> {
        if let Put::Failed(failure) = self.attempt(None).await {
            return Err(outcome::unusable(&self.place(), failure));
        }
        self.must_refuse(None, "If-None-Match").await?;
        self.must_refuse(Some(Tag(NEVER.into())), "If-Match").await
    }

    async fn attempt(&self, expected: Option<Tag>) -> Put {
        let key = self.bucket.key(TRIAL);
        self.put(&key, b"{}".to_vec(), expected.as_ref()).await
    }

    async fn must_refuse(&self, expected: Option<Tag>, header: &str) -> Result<(), StoreFailure> {
        match self.attempt(expected).await {
            Put::Refused => Ok(()),
            Put::Failed(failure) => Err(outcome::unusable(&self.place(), failure)),
            Put::Done(_) => Err(StoreFailure::because(format!(
                "{} overwrites in spite of `{header}`: it cannot keep leases; use S3 itself, or \
                 another store",
                self.place()
            ))
            .that_stays()),
        }
    }
}
