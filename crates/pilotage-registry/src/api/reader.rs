//! A blob as a stream: verified, and resumed where it was cut.

use core::fmt::{self, Debug, Formatter};

use bytes::{Buf as _, Bytes};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderValue, LOCATION, RANGE};
use hyper::{Method, StatusCode, Uri};
use pilotage_artifact::Digest;
use sha2::{Digest as _, Sha256};

use super::{Blob, Remote};
use crate::Error;
use crate::http::{Answer, Ask, Origin, next};

/// Storage behind a registry is one redirect away, rarely two.
const MOST_REDIRECTS: usize = 5;

/// Reads a blob piece by piece.
///
/// The last piece is given only after the whole was compared with its digest, so whoever passes
/// pieces on never completes a wrong blob. A connection that is cut is resumed where it ended.
pub struct Reader {
    remote: Remote,
    blob: Blob,
    hash: Sha256,
    at: u64,
    skip: u64,
    failed: u32,
    body: Option<Incoming>,
    is_done: bool,
}

impl Remote {
    /// Reads a blob. Nothing is sent before the first piece is asked for.
    pub fn blob(&self, blob: Blob) -> Reader {
        Reader {
            remote: self.clone(),
            blob,
            hash: Sha256::new(),
            at: 0,
            skip: 0,
            failed: 0,
            body: None,
            is_done: false,
        }
    }
}

impl Reader {
    /// The next piece, or nothing at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while !self.is_done {
            if self.body.is_none() {
                // Opening repeats by itself what may help.
                self.open().await?;
            }
            match self.piece().await {
                Ok(Some(data)) => return self.accept(data).map(Some),
                Ok(None) if self.at == self.blob.size => return self.finish().map(|()| None),
                Ok(None) => self.cut(self.too_short()).await?,
                Err(error) if error.is_transient() => self.cut(error).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// All of it, if that is not too much.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, Error> {
        if self.blob.size > limit as u64 {
            return Err(Error::TooLarge { what: self.what(), limit });
        }
        let mut all = bytes::BytesMut::new();
        while let Some(data) = self.next().await? {
            all.extend_from_slice(&data);
        }
        Ok(all.freeze())
    }

    /// The next piece that was not seen before.
    async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let (stall, doing) = (self.remote.stall(), self.doing());
        while let Some(body) = &mut self.body {
            let Some(mut data) = next(body, stall, &doing).await? else { break };
            let known = usize::try_from(self.skip).unwrap_or(usize::MAX).min(data.len());
            data.advance(known);
            self.skip -= known as u64;
            if !data.is_empty() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    fn accept(&mut self, data: Bytes) -> Result<Bytes, Error> {
        self.at += data.len() as u64;
        if self.at > self.blob.size {
            let (expected, found) = (self.blob.size, self.at);
            return Err(Error::WrongSize { what: self.what(), expected, found });
        }
        self.hash.update(&data);
        if self.at == self.blob.size {
            self.finish()?;
        }
        Ok(data)
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.is_done = true;
        let found = Digest::from_bytes(self.hash.finalize_reset().into());
        let expected = self.blob.digest;
        if found == expected {
            return Ok(());
        }
        Err(Error::WrongDigest { what: self.what(), expected, found })
    }

    /// Goes on after a cut, if it did not happen too often.
    async fn cut(&mut self, error: Error) -> Result<(), Error> {
        self.body = None;
        self.failed += 1;
        let wait = self.remote.client().caller().retry.after(self.failed, &error);
        let Some(wait) = wait else { return Err(error) };
        self.remote.client().clock().sleep(wait).await;
        Ok(())
    }

    /// Asks for what is still missing.
    async fn open(&mut self) -> Result<(), Error> {
        let doing = self.doing();
        let answer = request(&self.remote, self.blob, self.at, &doing).await?;
        self.skip = match answer.status() {
            // All of it comes, whether or not a part was asked for.
            StatusCode::OK => self.check_length(answer.headers()).map(|()| self.at)?,
            StatusCode::PARTIAL_CONTENT if starts(answer.headers()) == Some(self.at) => 0,
            StatusCode::PARTIAL_CONTENT => {
                let why = "it is another part than asked for".into();
                return Err(Error::Malformed { doing, why });
            }
            StatusCode::NOT_FOUND => return Err(Error::Missing { what: self.what() }),
            _ => return Err(self.remote.refusal(answer, &doing).await),
        };
        self.body = Some(answer.into_body());
        Ok(())
    }

    fn check_length(&self, headers: &HeaderMap) -> Result<(), Error> {
        let announced =
            headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let expected = self.blob.size;
        match announced.filter(|length| *length != expected) {
            Some(found) => Err(Error::WrongSize { what: self.what(), expected, found }),
            None => Ok(()),
        }
    }

    fn too_short(&self) -> Error {
        Error::WrongSize { what: self.what(), expected: self.blob.size, found: self.at }
    }

    fn what(&self) -> String {
        format!("the blob {} of {}", self.blob.digest, self.remote.repository())
    }

    fn doing(&self) -> String {
        format!("read {}", self.what())
    }
}

/// Follows to where the blob is kept. Credentials stay with the registry that they are for.
async fn request(remote: &Remote, blob: Blob, at: u64, doing: &str) -> Result<Answer, Error> {
    let mut uri = remote.address().blob(blob.digest);
    for _ in 0..MOST_REDIRECTS {
        let mut ask = Ask::new(Method::GET, uri.clone(), doing);
        if at > 0 {
            let range = HeaderValue::try_from(format!("bytes={at}-"));
            ask = ask.header(RANGE, range.unwrap_or(HeaderValue::from_static("bytes=0-")));
        }
        let answer = remote.read(&ask).await?;
        if !answer.status().is_redirection() {
            return Ok(answer);
        }
        uri = follow(&uri, answer.headers(), doing)?;
    }
    Err(Error::Barred { doing: doing.into(), why: "it leads from one place to the next".into() })
}

fn follow(from: &Uri, headers: &HeaderMap, doing: &str) -> Result<Uri, Error> {
    let barred = |why: String| Error::Barred { doing: doing.into(), why };
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let location = location.ok_or_else(|| barred("it leads nowhere".into()))?;
    let origin = Origin::of(from).ok_or_else(|| barred("it comes from nowhere".into()))?;
    origin.resolve(location).map_err(|why| barred(why.to_string()))
}

/// Where a part begins: `bytes 5-9/10`.
fn starts(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

impl Debug for Reader {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { blob, at, .. } = self;
        f.debug_struct("Reader").field("blob", blob).field("at", at).finish_non_exhaustive()
    }
}
