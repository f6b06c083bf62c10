//! A folder of a bucket, whose objects are replaced only as whole and as expected.
//!
//! Needed are `s3:GetObject`, `s3:PutObject` and `s3:ListBucket` (without the last, S3 says that an
//! object that is not there is forbidden). What is kept is said by those who keep it: leases, and
//! journals.
//!
//! Stores that only resemble S3 may take the conditions for unknown headers and overwrite, so a
//! store is tried out before it is trusted with a write; see `trial.rs`.

mod create;
mod list;
mod place;
mod put;
mod trial;

pub use create::create;
pub(crate) use list::Listed;
pub use place::{Bucket, InvalidBucket};
pub(crate) use put::Put;
pub(crate) use trial::Unfit;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;

use crate::failure::{Call, Failure, failed};
use crate::{Session, once};

/// The objects of one folder, by their names in it.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    client: Client,
    bucket: Bucket,
    region: String,
}

impl Objects {
    /// The objects of this folder. Nothing is asked yet.
    pub(crate) fn new(session: &Session, bucket: Bucket) -> Self {
        let region = session.region().to_owned();
        Self { client: client(session), bucket, region }
    }

    /// Where they are, for people.
    pub(crate) fn place(&self) -> String {
        format!("the bucket folder `{}`", self.bucket.address(""))
    }

    /// An object as it is, with its tag.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, Failure> {
        self.get_key(&self.bucket.key(name)).await
    }

    async fn get_key(&self, key: &str) -> Result<Option<(Vec<u8>, String)>, Failure> {
        let call = self.call("s3:GetObject", key);
        let asked = self.client.get_object().bucket(self.bucket.name()).key(key).send().await;
        let answer = match asked.map_err(|error| failed(call.clone(), error)) {
            Err(failure) if failure.code() == Some("NoSuchKey") => return Ok(None),
            answer => answer?,
        };
        let tag = answer.e_tag;
        let tag = tag.ok_or_else(|| Failure::unreadable(call.clone(), "no `ETag` was told"))?;
        let body = answer.body.collect().await;
        let body = body.map_err(|why| Failure::unreadable(call, why.to_string()))?;
        Ok(Some((body.to_vec(), tag)))
    }

    /// The object whose key is what the folder was given as.
    #[cfg(feature = "discover")]
    pub(crate) async fn get_whole(&self) -> Result<Option<(Vec<u8>, String)>, Failure> {
        self.get_key(self.bucket.key("").trim_end_matches('/')).await
    }

    /// What a failure means, with what to do where the bucket is not there.
    pub(crate) fn explained(&self, failure: &Failure) -> String {
        if failure.code() == Some("NoSuchBucket") {
            let command = create::command(&self.bucket, &self.region);
            return format!("the bucket is not there: create it with `{command}`");
        }
        failure.to_string()
    }

    fn call(&self, action: &'static str, key: &str) -> Call {
        Call::new(action, format!("`{}`", self.bucket.address(key)))
    }
}

/// A client with a store's deadlines.
fn client(session: &Session) -> Client {
    let config = Builder::from(session.config()).timeout_config(once::timeouts());
    // Emulators and private endpoints know the bucket by path, not by host name.
    Client::from_conf(config.force_path_style(session.is_elsewhere("S3")).build())
}
