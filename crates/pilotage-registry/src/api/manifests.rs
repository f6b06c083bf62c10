//! Manifests: looked at, read, written.

use core::fmt::{self, Display, Formatter};

use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use pilotage_artifact::{Digest, Tag};

use super::manifest::{ACCEPTED, LONGEST};
use super::{Manifest, Remote};
use crate::http::{Answer, Ask, Repeat, collect};
use crate::{Error, Said};

/// What a manifest is asked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A request: whatever the tag names now.
    Tag(Tag),
    /// A fact.
    Digest(Digest),
}

/// What a registry says that a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The digest.
    pub digest: Digest,
    /// The media type, where it was said.
    pub media_type: Option<String>,
    /// The size, where it was said.
    pub size: Option<u64>,
}

/// What the registry said of a manifest that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Whether it named the digest that was stored.
    pub(crate) is_confirmed: bool,
    /// Whether it keeps the list of what refers to the subject.
    pub(crate) tracks_subject: bool,
}

impl From<Tag> for Name {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Name {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

impl Remote {
    /// What a name stands for now, or nothing if there is nothing of that name.
    ///
    /// The digest is the registry's word, good for a comparison; what is read is hashed.
    pub async fn look(&self, name: &Name) -> Result<Option<Found>, Error> {
        let ask = self.manifest_ask(Method::HEAD, name, "look at");
        let answer = self.read(&ask).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if !status.is_success() => Err(self.refusal(answer, &ask.doing).await),
            _ => match found(answer.headers()) {
                Some(found) => Ok(Some(found)),
                // The header may be missing; the bytes then tell.
                None => self.find(name).await.map(|manifest| manifest.as_ref().map(Found::of)),
            },
        }
    }

    /// Reads a manifest and compares it with its digest.
    pub async fn manifest(&self, name: &Name) -> Result<Manifest, Error> {
        let missing = || Error::Missing { what: self.named(name) };
        self.find(name).await?.ok_or_else(missing)
    }

    /// Reads a manifest, or nothing if there is none of that name.
    pub async fn find(&self, name: &Name) -> Result<Option<Manifest>, Error> {
        let ask = self.manifest_ask(Method::GET, name, "read");
        let answer = self.read(&ask).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => self.receive(answer, name, &ask.doing).await.map(Some),
            _ => Err(self.refusal(answer, &ask.doing).await),
        }
    }

    async fn receive(&self, answer: Answer, name: &Name, doing: &str) -> Result<Manifest, Error> {
        let sent_as = text(answer.headers(), "content-type");
        let said = digest(answer.headers());
        let bytes = collect(answer, LONGEST, self.stall(), doing).await?;
        let expected = if let Name::Digest(digest) = name { Some(*digest) } else { said };
        let found = Digest::of(&bytes);
        match expected.filter(|expected| *expected != found) {
            Some(expected) => Err(Error::WrongDigest { what: self.named(name), expected, found }),
            None => Manifest::parse(bytes, sent_as.as_deref()),
        }
    }

    /// Stores a manifest under a digest, which it must have, or under a tag, which then moves.
    ///
    /// A tag is written once: when it is unknown whether it moved, the caller looks first.
    pub async fn put(&self, name: &Name, manifest: &Manifest) -> Result<(), Error> {
        self.store(name, manifest).await.map(drop)
    }

    pub(crate) async fn store(&self, name: &Name, manifest: &Manifest) -> Result<Stored, Error> {
        if let Name::Digest(digest) = name {
            self.compare(name, manifest, *digest)?;
        }
        let ask = self.put_ask(name, manifest)?;
        let mut failed = 0;
        loop {
            match self.store_once(&ask, name, manifest).await {
                Err(error) if cannot_be_meant(&error) => self.pause(&mut failed, error).await?,
                outcome => return outcome,
            }
        }
    }

    async fn store_once(
        &self,
        ask: &Ask,
        name: &Name,
        manifest: &Manifest,
    ) -> Result<Stored, Error> {
        let answer = self.write(ask).await?;
        match answer.status() {
            StatusCode::CREATED | StatusCode::OK => {}
            _ => return Err(self.refusal_to_store(answer, &ask.doing).await),
        }
        let said = digest(answer.headers());
        if let Some(said) = said {
            self.compare(name, manifest, said)?;
        }
        let tracks_subject = answer.headers().contains_key("oci-subject");
        Ok(Stored { is_confirmed: said.is_some(), tracks_subject })
    }

    fn compare(&self, name: &Name, manifest: &Manifest, found: Digest) -> Result<(), Error> {
        let (what, expected) = (self.named(name), manifest.digest());
        if found == expected { Ok(()) } else { Err(Error::WrongDigest { what, expected, found }) }
    }

    fn put_ask(&self, name: &Name, manifest: &Manifest) -> Result<Ask, Error> {
        let repeat = match name {
            Name::Tag(_) => Repeat::IfNothingDone,
            Name::Digest(_) => Repeat::Always,
        };
        let doing = format!("store {}", self.named(name));
        let kind = HeaderValue::from_str(manifest.media_type()).map_err(|_| {
            let why = "its media type cannot be sent".into();
            Error::Malformed { doing: doing.clone(), why }
        })?;
        let ask = Ask::new(Method::PUT, self.address().manifest(name), doing);
        Ok(ask.header(CONTENT_TYPE, kind).body(manifest.bytes().clone()).repeat(repeat))
    }

    fn manifest_ask(&self, method: Method, name: &Name, verb: &str) -> Ask {
        let doing = format!("{verb} {}", self.named(name));
        let ask = Ask::new(method, self.address().manifest(name), doing);
        ask.header(ACCEPT, HeaderValue::from_static(ACCEPTED))
    }

    /// The whole reference, as a person writes it.
    pub(crate) fn named(&self, name: &Name) -> String {
        match name {
            Name::Tag(tag) => format!("{}:{tag}", self.repository()),
            Name::Digest(digest) => format!("{}@{digest}", self.repository()),
        }
    }
}

impl Found {
    fn of(manifest: &Manifest) -> Self {
        let media_type = Some(manifest.media_type().to_owned());
        Self { digest: manifest.digest(), media_type, size: Some(manifest.size()) }
    }
}

/// Docker's registry rewrites its links in place. Whoever stores a manifest in the moment in which
/// somebody else uploads a blob that it names is told that its digest is wrong, which it is not: it
/// was computed from the very bytes. Nothing was stored, and a moment later the link can be read.
fn cannot_be_meant(error: &Error) -> bool {
    error.said().and_then(Said::code) == Some("DIGEST_INVALID")
}

fn found(headers: &HeaderMap) -> Option<Found> {
    let size = text(headers, "content-length").and_then(|text| text.parse().ok());
    Some(Found { digest: digest(headers)?, media_type: text(headers, "content-type"), size })
}

/// The digest in the answer; one that is not SHA-256 tells us nothing.
pub(super) fn digest(headers: &HeaderMap) -> Option<Digest> {
    text(headers, "docker-content-digest")?.parse().ok()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
