//! A write that is made once.

use aws_sdk_s3::config::Builder;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::primitives::ByteStream;

use super::Objects;
use crate::failure::{Failure, Kind, failed};
use crate::once::{self, OnlyIfThrottled};

/// What came of a write.
pub(crate) enum Put {
    /// It is done, and known by this tag.
    Done(String),
    /// Something else was there.
    Refused,
    /// It failed otherwise.
    Failed(Failure),
}

impl Objects {
    /// Writes once, if what is there has this tag, or if nothing is there.
    pub(crate) async fn put(&self, name: &str, body: Vec<u8>, expected: Option<&str>) -> Put {
        let key = self.bucket.key(name);
        let call = self.call("s3:PutObject", &key);
        let asked = self.client.put_object().bucket(self.bucket.name()).key(key);
        let asked = asked.content_type("application/json").body(ByteStream::from(body));
        let asked = match expected {
            None => asked.if_none_match("*"),
            Some(tag) => asked.if_match(tag),
        };
        let once = Builder::new()
            .retry_config(once::retries())
            .retry_classifier(OnlyIfThrottled::<PutObjectError>::told_by_code());
        match asked.customize().config_override(once).send().await {
            Ok(answer) => answer.e_tag.map_or_else(
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
