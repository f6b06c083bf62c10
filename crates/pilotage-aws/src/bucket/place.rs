//! Where in S3 something is kept.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A bucket, and the folder in it that holds what is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    name: String,
    folder: String,
}

/// Text that tells no place in S3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no place in S3: `s3://<bucket>/<folder>` is, with 3 to 63 lower-case \
     letters, digits, `.` and `-` for the bucket"
)]
pub struct InvalidBucket {
    given: String,
}

impl Bucket {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The key of an object in the folder.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// The name in the folder of the object with this key.
    pub(super) fn name_of<'a>(&self, key: &'a str) -> Option<&'a str> {
        key.strip_prefix(&self.folder)
    }

    /// The whole address of a key, for people.
    pub(super) fn address(&self, key: &str) -> String {
        let key = if key.is_empty() { &self.folder } else { key };
        format!("s3://{}/{key}", self.name)
    }
}

impl FromStr for Bucket {
    type Err = InvalidBucket;

    fn from_str(text: &str) -> Result<Self, InvalidBucket> {
        let invalid = || InvalidBucket { given: text.into() };
        let path = text.strip_prefix("s3://").ok_or_else(invalid)?;
        let (name, folder) = path.split_once('/').unwrap_or((path, ""));
        let folder = folder.trim_end_matches('/');
        if !(is_name(name) && is_path(folder)) {
            return Err(invalid());
        }
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(Self { name: name.into(), folder })
    }
}

impl Display for Bucket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address(""))
    }
}

fn is_name(text: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    (3..=63).contains(&text.len()) && text.bytes().all(fits)
}

fn is_path(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/!-_.*'()".contains(&byte);
    let has_parts = text.is_empty() || text.split('/').all(|part| !part.is_empty());
    text.len() <= 512 && text.bytes().all(fits) && has_parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_perhaps_a_folder() {
        for (text, key) in [
            ("s3://my-leases", "x"),
            ("s3://my-leases/", "x"),
            ("s3://my-leases/prod/eu", "prod/eu/x"),
            ("s3://my-leases/prod/", "prod/x"),
        ] {
            let bucket: Bucket = text.parse().expect(text);
            assert_eq!((bucket.name(), bucket.key("x").as_str()), ("my-leases", key), "{text}");
        }
        for wrong in ["my-leases", "s3://", "s3://A-B-C", "s3://ab", "s3://abc//x", "s3://abc/a b"]
        {
            assert!(wrong.parse::<Bucket>().is_err(), "{wrong}");
        }
    }
}
