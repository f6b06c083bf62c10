//! Leases in a bucket: one object for each, replaced only under a condition.
//!
//! No lifecycle rule may touch the folder: a record that was deleted lets fences begin anew.

mod object;

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Tag, Written};

use super::outcome;
use crate::bucket::{Bucket, Objects, Put, Unfit};
use crate::{Failure, Session};

/// Leases under one prefix of one bucket.
#[derive(Debug, Clone)]
pub struct S3Leases {
    objects: Objects,
}

impl S3Leases {
    /// Leases in this bucket, once the bucket has shown that it honours conditions: with three
    /// small writes to an object `.trial` beside the leases.
    pub async fn open(session: &Session, bucket: Bucket) -> Result<Self, StoreFailure> {
        let leases = Self { objects: Objects::new(session, bucket) };
        match leases.objects.try_out().await {
            Ok(()) => Ok(leases),
            Err(Unfit::Untried(failure)) => Err(leases.unusable(failure)),
            Err(Unfit::Careless(header)) => Err(StoreFailure::because(format!(
                "{} overwrites in spite of `{header}`: it cannot keep leases; use S3 itself, or \
                 another store",
                leases.place()
            ))
            .that_stays()),
        }
    }

    fn unusable(&self, failure: Failure) -> StoreFailure {
        let why = self.objects.explained(&failure);
        outcome::explained(&self.place(), &why, failure)
    }
}

#[async_trait]
impl LeaseStore for S3Leases {
    fn place(&self) -> String {
        self.objects.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let found = self.objects.get(name.as_str()).await.map_err(|why| self.unusable(why))?;
        let Some((body, tag)) = found else { return Ok(None) };
        let record = object::read(&body)
            .map_err(|why| outcome::foreign(&self.place(), name.as_str(), why))?;
        Ok(Some(Stored { record, tag: Tag(tag) }))
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let body = object::write(&proposal.record)?;
        let expected = proposal.expected.as_ref().map(|Tag(tag)| tag.as_str());
        match self.objects.put(name.as_str(), body, expected).await {
            Put::Done(tag) => Ok(Written::Applied(Tag(tag))),
            Put::Refused => Ok(Written::Refused),
            Put::Failed(failure) => outcome::of_write(&self.place(), failure),
        }
    }
}
