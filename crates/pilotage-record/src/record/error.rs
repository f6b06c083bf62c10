//! Why something cannot be a release record.

use pilotage_artifact::Digest;

use crate::canonical::CanonicalError;
use crate::text::{GitObject, InvalidText, Platform};

/// Why something is no release record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The bytes are not those of a record.
    #[error("the bytes are no release record")]
    Bytes(#[source] CanonicalError),
    /// The record is another one than was asked for.
    #[error(
        "the record is {found}, and {wanted} was asked for: it was changed or mixed up; take it \
         from another copy"
    )]
    Another {
        /// The digest that was asked for.
        wanted: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// Nothing would be shipped.
    #[error("the release has neither images nor outputs: name at least one")]
    Empty,
    /// Two things have the same name.
    #[error("the {what} `{name}` is named twice: give each its own name")]
    Twice {
        /// Images, outputs, migrations or secrets.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// An image is not what the record says.
    #[error("image `{image}` cannot be recorded")]
    Image {
        /// Its name.
        image: String,
        /// Why.
        source: ImageFault,
    },
    /// The tag is on another commit.
    #[error(
        "tag `{tag}` leads to commit {tagged}, and the release is made from {commit}: build the \
         commit that is tagged"
    )]
    TagElsewhere {
        /// Its name.
        tag: String,
        /// The commit that it leads to.
        tagged: GitObject,
        /// The commit of the release.
        commit: GitObject,
    },
    /// The tag is named for another version.
    #[error("tag `{tag}` is not `{expected}`, the prefix and version of the release")]
    TagOtherwise {
        /// Its name.
        tag: String,
        /// What it should be.
        expected: String,
    },
    /// The set of migrations is not what its digest says.
    #[error(
        "the migrations add up to {found}, and the record says {said}: one was changed, left out \
         or moved"
    )]
    Migrations {
        /// The digest of the migrations.
        found: Digest,
        /// The digest in the record.
        said: Digest,
    },
}

/// What is wrong with an image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFault {
    /// A manifest is larger than registries take.
    #[error("a manifest has {bytes} bytes, more than the {limit} that registries take")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// A manifest is no JSON of its kind.
    #[error("a manifest cannot be read: give the raw bytes that the registry answers")]
    Unreadable(#[source] serde_json::Error),
    /// A manifest is of another kind.
    #[error("`{media_type}` is not the manifest of an image for one platform")]
    NotAnImage {
        /// What it says it is.
        media_type: String,
    },
    /// An index is of another kind.
    #[error("`{media_type}` is not an index of images")]
    NotAnIndex {
        /// What it says it is.
        media_type: String,
    },
    /// An index within an index.
    #[error("{digest} is an index within an index: build one flat index of all platforms")]
    Nested {
        /// The inner one.
        digest: Digest,
    },
    /// An entry of the index does not say what it runs on.
    #[error("{digest} has no platform in the index: build it with one")]
    NoPlatform {
        /// The entry.
        digest: Digest,
    },
    /// A platform has a name that cannot be right.
    #[error("an entry of the index has a platform that cannot be right")]
    Platform(#[source] InvalidText),
    /// Two images of an index are for the same platform.
    #[error("two images are for `{platform}`: which one runs would be left to chance")]
    PlatformTwice {
        /// The platform.
        platform: Platform,
    },
    /// There are no images in the index.
    #[error("the index holds no image")]
    NoImages,
    /// The manifest of a platform was not given.
    #[error("the manifest for `{platform}` is missing: fetch it by its digest")]
    NoManifest {
        /// The platform.
        platform: Platform,
    },
    /// A manifest has another size than its index says.
    #[error("the manifest for `{platform}` has {found} bytes, and the index says {said}")]
    OtherSize {
        /// The platform.
        platform: Platform,
        /// What the index says.
        said: u64,
        /// How large it is.
        found: usize,
    },
    /// What the record says does not follow from the manifests.
    #[error("what the record says about it does not follow from its manifests: it was edited")]
    NotItsManifest,
}
