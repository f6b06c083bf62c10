//! Leases in a bucket: one object for each, replaced only under a condition.
//!
//! Needed are `s3:GetObject`, `s3:PutObject` and `s3:ListBucket` (without the last, S3 says that an
//! object that is not there is forbidden). No lifecycle rule may touch the prefix: a record that
//! was deleted lets fences begin anew.
//!
//! Stores that only resemble S3 may take the conditions for unknown headers and overwrite, so the
//! store is tried out before it is trusted; see [`S3Leases::open`].

mod bucket;
mod object;
mod trial;

pub use bucket::{Bucket, InvalidBucket};

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Tag, Written};

use super::{outcome, timeouts};
use crate::Session;
use crate::failure::{Call, Failure, failed};
use object::Put;

/// Leases under one prefix of one bucket.
#[derive(Debug, Clone)]
pub struct S3Leases {
    client: Client,
    bucket: Bucket,
}

impl S3Leases {
    /// Leases in this bucket, once the bucket has shown that it honours conditions: with three
    /// small writes to an object `.trial` beside the leases.
    pub async fn open(session: &Session, bucket: Bucket) -> Result<Self, StoreFailure> {
        let config = Builder::from(session.config()).timeout_config(timeouts());
        // Emulators and private endpoints know the bucket by path, not by host name.
        let config = config.force_path_style(session.is_elsewhere("S3"));
        let leases = Self { client: Client::from_conf(config.build()), bucket };
        leases.try_out().await?;
        Ok(leases)
    }

    fn call(&self, action: &'static str, key: &str) -> Call {
        Call::new(action, format!("`{}`", self.bucket.address(key)))
    }

    /// An object as it is, with its tag.
    async fn get(&self, key: &str) -> Result<Option<(Vec<u8>, Tag)>, Failure> {
        let call = self.call("s3:GetObject", key);
        let asked = self.client.get_object().bucket(self.bucket.name()).key(key).send().await;
        let answer = match asked.map_err(|error| failed(call.clone(), error)) {
            Err(failure) if failure.code() == Some("NoSuchKey") => return Ok(None),
            answer => answer?,
        };
        let tag = answer.e_tag.map(Tag);
        let tag = tag.ok_or_else(|| Failure::unreadable(call.clone(), "no `ETag` was told"))?;
        let body = answer.body.collect().await;
        let body = body.map_err(|why| Failure::unreadable(call, why.to_string()))?;
        Ok(Some((body.to_vec(), tag)))
    }
}

#[async_trait]
impl LeaseStore for S3Leases {
    fn place(&self) -> String {
        format!("the bucket folder `{}`", self.bucket.address(""))
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let key = self.bucket.key(name.as_str());
        let found = self.get(&key).await.map_err(|why| outcome::unusable(&self.place(), why))?;
        let Some((body, tag)) = found else { return Ok(None) };
        let record = object::read(&body)
            .map_err(|why| outcome::foreign(&self.place(), name.as_str(), why))?;
        Ok(Some(Stored { record, tag }))
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let body = object::write(&proposal.record)?;
        let key = self.bucket.key(name.as_str());
        match self.put(&key, body, proposal.expected.as_ref()).await {
            Put::Done(tag) => Ok(Written::Applied(tag)),
            Put::Refused => Ok(Written::Refused),
            Put::Failed(failure) => outcome::of_write(&self.place(), failure),
        }
    }
}
