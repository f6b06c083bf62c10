//! References to images: by tag, which is a request, or by digest, which is a fact.
//!
//! The two are different types. Nothing in this crate goes from the first to the second: only a
//! registry knows what a tag means, so only what asks one can resolve it.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::text::serde_as_text;
use crate::{Digest, InvalidDigest, InvalidRepository, InvalidTag, Repository, Tag};

/// An image in a repository, named by a [`Tag`] or by a [`Digest`].
///
/// ```
/// use pilotage_artifact::{Digest, ImageRef, Tag};
///
/// let wanted: ImageRef<Tag> = "ghcr.io/org/app:v1.4.0".parse()?;
/// let found: ImageRef<Digest> = wanted.repository().at(Digest::of(b"what a registry answered"));
/// assert!(found.to_string().starts_with("ghcr.io/org/app@sha256:"));
/// # Ok::<(), pilotage_artifact::InvalidImageRef>(())
/// ```
///
/// A reference by tag does not fit where one by digest is wanted:
///
/// ```compile_fail
/// # use pilotage_artifact::{Digest, ImageRef, Tag};
/// fn deploy(image: &ImageRef<Digest>) {}
/// let wanted: ImageRef<Tag> = "ghcr.io/org/app:latest".parse().unwrap();
/// deploy(&wanted);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef<N> {
    repository: Repository,
    name: N,
}

impl<N> ImageRef<N> {
    pub(crate) const fn new(repository: Repository, name: N) -> Self {
        Self { repository, name }
    }

    /// Where it is kept.
    pub const fn repository(&self) -> &Repository {
        &self.repository
    }
}

impl ImageRef<Tag> {
    /// What is asked for.
    pub const fn tag(&self) -> &Tag {
        &self.name
    }
}

impl ImageRef<Digest> {
    /// What it is.
    pub const fn digest(&self) -> Digest {
        self.name
    }
}

impl Display for ImageRef<Tag> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository, self.name)
    }
}

impl Display for ImageRef<Digest> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.repository, self.name)
    }
}

/// A reference as a person types it, before anybody knows which kind it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// By tag: somebody has to be asked what it means.
    Tag(ImageRef<Tag>),
    /// By digest: it means one thing only.
    Digest(ImageRef<Digest>),
}

impl Reference {
    /// Where it is kept.
    pub const fn repository(&self) -> &Repository {
        match self {
            Self::Tag(image) => image.repository(),
            Self::Digest(image) => image.repository(),
        }
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(image) => Display::fmt(image, f),
            Self::Digest(image) => Display::fmt(image, f),
        }
    }
}

/// Text that is not a reference to an image of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidImageRef {
    /// Neither tag nor digest is given; no `latest` is assumed.
    #[error("`{given}` names no image: add a tag, `:v1.4.0`, or a digest, `@sha256:...`")]
    Nameless {
        /// The whole text.
        given: String,
    },
    /// A tag beside a digest is checked by nobody, and sooner or later wrong.
    #[error("`{given}` has a tag and a digest: keep the digest, which is what counts")]
    Both {
        /// The whole text.
        given: String,
    },
    /// A digest is wanted and a tag given.
    #[error("`{given}` is a tag where a digest is needed: resolve it first")]
    NotPinned {
        /// The whole text.
        given: String,
    },
    /// A tag is wanted and a digest given.
    #[error("`{given}` is a digest where a tag is needed")]
    NotTagged {
        /// The whole text.
        given: String,
    },
    /// The part before the tag or digest is not a repository.
    #[error(transparent)]
    Repository(#[from] InvalidRepository),
    /// The tag is not one.
    #[error(transparent)]
    Tag(#[from] InvalidTag),
    /// The digest is not one.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
}

impl FromStr for Reference {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((before, digest)) = text.split_once('@') {
            if tag_from(before).is_some() {
                return Err(InvalidImageRef::Both { given: text.into() });
            }
            let repository: Repository = before.parse()?;
            return Ok(Self::Digest(repository.at(digest.parse()?)));
        }
        let nameless = || InvalidImageRef::Nameless { given: text.into() };
        let (repository, tag) = tag_from(text).ok_or_else(nameless)?;
        let repository: Repository = repository.parse()?;
        Ok(Self::Tag(repository.tagged(tag.parse()?)))
    }
}

/// Splits at the colon of a tag, which comes after the last `/`; one before it is that of a port.
fn tag_from(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'))
}

impl FromStr for ImageRef<Tag> {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse()? {
            Reference::Tag(image) => Ok(image),
            Reference::Digest(_) => Err(InvalidImageRef::NotTagged { given: text.into() }),
        }
    }
}

impl FromStr for ImageRef<Digest> {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse()? {
            Reference::Digest(image) => Ok(image),
            Reference::Tag(_) => Err(InvalidImageRef::NotPinned { given: text.into() }),
        }
    }
}

serde_as_text!(ImageRef<Tag>, ImageRef<Digest>, Reference);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const DIGEST: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn the_kind_is_told_by_the_text() {
        let pinned = alloc::format!("localhost:5000/app@{DIGEST}");
        let digest = pinned.parse::<ImageRef<Digest>>().expect("by digest");
        assert_eq!(
            (digest.digest().to_string().as_str(), digest.to_string()),
            (DIGEST, pinned.clone())
        );
        let tagged = "localhost:5000/org/app:v1.4.0";
        let tag = tagged.parse::<ImageRef<Tag>>().expect("by tag");
        assert_eq!((tag.tag().as_str(), tag.to_string().as_str()), ("v1.4.0", tagged));
        assert_eq!(tag.repository().path(), "org/app");
        let other = |text: &str| text.parse::<ImageRef<Digest>>().expect_err("a tag");
        assert!(matches!(other(tagged), InvalidImageRef::NotPinned { .. }));
        let other = |text: &str| text.parse::<ImageRef<Tag>>().expect_err("a digest");
        assert!(matches!(other(&pinned), InvalidImageRef::NotTagged { .. }));
    }

    #[test]
    fn nothing_is_assumed_and_nothing_ignored() {
        let parse = |text: &str| text.parse::<Reference>().expect_err(text);
        for text in ["ghcr.io/app", "localhost:5000/app", "ghcr.io"] {
            assert!(matches!(parse(text), InvalidImageRef::Nameless { .. }), "{text}");
        }
        let both = parse(&alloc::format!("ghcr.io/app:v1@{DIGEST}"));
        assert!(matches!(both, InvalidImageRef::Both { .. }));
        assert!(matches!(parse("nginx:latest"), InvalidImageRef::Repository(_)));
        assert!(matches!(parse("ghcr.io/app:"), InvalidImageRef::Tag(_)));
        assert!(matches!(parse("ghcr.io/app@sha256:12"), InvalidImageRef::Digest(_)));
    }
}
