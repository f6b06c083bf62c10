//! A record as an object, and a write that is made once.

use aws_config::retry::RetryConfig;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::ByteStream;
use pilotage_lease::{Record, StoreFailure, Tag};
use serde::{Deserialize, Serialize};

use super::S3Leases;
use crate::failure::{Failure, Kind, failed};

/// What an object holds. The `ETag` of S3 is a hash of the content, and a tag must never come
/// twice; so each write has a number of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    write: String,
    record: Record,
}

pub(super) fn write(record: &Record) -> Result<Vec<u8>, StoreFailure> {
    let write = crate::lease::write_id()?;
    serde_json::to_vec(&Object { write, record: record.clone() })
        .map_err(|why| StoreFailure::from_source("a record cannot be written down", why))
}

pub(super) fn read(body: &[u8]) -> Result<Record, serde_json::Error> {
    serde_json::from_slice(body).map(|object: Object| object.record)
}

/// What came of a write.
pub(super) enum Put {
    /// It is done, and known by this tag.
    Done(Tag),
    /// Something else was there.
    Refused,
    /// It failed otherwise.
    Failed(Failure),
}

impl S3Leases {
    /// Writes once, if what is there has this tag, or if nothing is there.
    pub(super) async fn put(&self, key: &str, body: Vec<u8>, expected: Option<&Tag>) -> Put {
        let call = self.call("s3:PutObject", key);
        let asked = self.client.put_object().bucket(self.bucket.name()).key(key);
        let asked = asked.content_type("application/json").body(ByteStream::from(body));
        let asked = match expected {
            None => asked.if_none_match("*"),
            Some(Tag(tag)) => asked.if_match(tag),
        };
        let once = Builder::new().retry_config(RetryConfig::disabled());
        match asked.customize().config_override(once).send().await {
            Ok(answer) => answer.e_tag.map(Tag).map_or_else(
                || Put::Failed(Failure::unreadable(call, "no `ETag` was told")),
                Put::Done,
            ),
            Err(error) => match failed(call, error) {
                // A condition on an object that is not there fails as if it were looked for.
                failure if failure.code() == Some("NoSuchKey") => Put::Refused,
                failure if failure.kind() == Kind::Conflict => Put::Refused,
                failure => Put::Failed(failure),
            },
        }
    }
}
