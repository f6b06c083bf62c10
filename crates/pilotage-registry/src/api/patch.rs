//! An upload in chunks: each is held in memory until the registry has it, so a cut costs one chunk.

use bytes::{Bytes, BytesMut};
use hyper::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue, RANGE};
use hyper::{Method, StatusCode, Uri};

use super::fill::completed;
use super::upload::Session;
use super::{Blob, Chunks, Remote, Source};
use crate::Error;
use crate::http::{Answer, Ask, Repeat};

/// ECR takes no smaller chunk.
const LEAST: usize = 5 << 20;
/// ECR takes no larger one than twice this; four of them at a time stay small.
pub(super) const USUAL: usize = 8 << 20;

impl Remote {
    /// Sends the blob in chunks of this size, or of the least that the registry takes.
    pub(super) async fn send_chunks(
        &self,
        session: &Session,
        blob: Blob,
        source: &dyn Source,
        size: usize,
    ) -> Result<(), Error> {
        let doing = format!("store the blob {} in {}", blob.digest, self.repository());
        let mut parts = Parts::new(source.open(blob).await?, size.max(LEAST).max(session.least));
        let (mut uri, mut at) = (session.uri.clone(), 0);
        while let Some(chunk) = parts.next().await? {
            let end = at + chunk.len() as u64;
            uri = self.send_chunk(uri, chunk, at, &doing).await?;
            at = end;
        }
        let ask = Ask::new(Method::PUT, address(&completed(&uri, blob), &doing)?, &doing);
        let ask = ask.header(CONTENT_LENGTH, 0.into()).repeat(Repeat::IfNothingDone);
        let answer = self.write(&ask).await?;
        match answer.status() {
            StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::OK => Ok(()),
            _ => Err(self.refusal_to_store(answer, &doing).await),
        }
    }

    /// Sends one chunk, going on where it was cut; gives the address for the next.
    async fn send_chunk(
        &self,
        mut uri: Uri,
        mut chunk: Bytes,
        mut at: u64,
        doing: &str,
    ) -> Result<Uri, Error> {
        let mut failed = 0;
        while !chunk.is_empty() {
            let (next, has) = match self.patch(&uri, &chunk, at, doing).await {
                Ok(taken) => taken,
                Err(error) if error.leaves_unknown() => {
                    self.pause(&mut failed, error).await?;
                    self.status(&uri, doing).await?
                }
                Err(error) => return Err(error),
            };
            uri = next.unwrap_or(uri);
            let has = has.unwrap_or(at + chunk.len() as u64);
            let malformed = || Error::Malformed {
                doing: doing.into(),
                why: format!("it holds {has} bytes where {at} had been confirmed"),
            };
            let taken = has.checked_sub(at).and_then(|taken| usize::try_from(taken).ok());
            let taken = taken.filter(|taken| *taken <= chunk.len()).ok_or_else(malformed)?;
            if taken == 0 {
                self.pause(&mut failed, malformed()).await?;
            }
            chunk = chunk.slice(taken..);
            at = has;
        }
        Ok(uri)
    }

    /// Waits before the next attempt, or gives up.
    pub(super) async fn pause(&self, failed: &mut u32, error: Error) -> Result<(), Error> {
        *failed += 1;
        let wait = self.client().caller().retry.after(*failed, &error).ok_or(error)?;
        self.client().clock().sleep(wait).await;
        Ok(())
    }

    /// Gives the next address, if it changed, and how much the registry holds, if it says so.
    async fn patch(&self, uri: &Uri, chunk: &Bytes, at: u64, doing: &str) -> Result<Taken, Error> {
        let last = (at + chunk.len() as u64).saturating_sub(1);
        let range = HeaderValue::try_from(format!("{at}-{last}"));
        let octets = HeaderValue::from_static("application/octet-stream");
        let ask = Ask::new(Method::PATCH, uri.clone(), doing)
            .header(CONTENT_TYPE, octets)
            .header(CONTENT_RANGE, range.unwrap_or(HeaderValue::from_static("0-0")))
            .body(chunk.clone())
            .repeat(Repeat::IfNothingDone);
        let answer = self.write(&ask).await?;
        match answer.status() {
            // ECR says 201 where the specification says 202.
            StatusCode::ACCEPTED | StatusCode::CREATED | StatusCode::NO_CONTENT => {
                let (uri, has) = self.taken(&answer, doing)?;
                Ok((uri, has.map(|has| if last == 0 { 1 } else { has })))
            }
            StatusCode::RANGE_NOT_SATISFIABLE => self.status(uri, doing).await,
            _ => Err(self.refusal_to_store(answer, doing).await),
        }
    }

    /// Asks how much has arrived.
    async fn status(&self, uri: &Uri, doing: &str) -> Result<Taken, Error> {
        let ask = Ask::new(Method::GET, uri.clone(), doing);
        let answer = self.write(&ask).await?;
        match answer.status() {
            StatusCode::NO_CONTENT | StatusCode::ACCEPTED | StatusCode::OK => {
                let (uri, has) = self.taken(&answer, doing)?;
                Ok((uri, Some(has.unwrap_or(0))))
            }
            _ => Err(self.refusal(answer, doing).await),
        }
    }

    fn taken(&self, answer: &Answer, doing: &str) -> Result<Taken, Error> {
        Ok((self.location(answer.headers(), doing)?, held(answer.headers())))
    }
}

type Taken = (Option<Uri>, Option<u64>);

/// How much a registry holds: `0-9` is ten bytes. An empty upload says `0-0`, and so does one of a
/// single byte; it is read as nothing, and who sent that byte knows better.
fn held(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    let last: u64 = range.trim_start_matches("bytes=").strip_prefix("0-")?.parse().ok()?;
    if last == 0 { Some(0) } else { last.checked_add(1) }
}

fn address(text: &str, doing: &str) -> Result<Uri, Error> {
    let malformed = |_| Error::Malformed {
        doing: doing.into(),
        why: "it names an address that is none".into(),
    };
    text.parse().map_err(malformed)
}

/// Pieces of any size, joined to chunks of one size.
struct Parts {
    source: Box<dyn Chunks>,
    size: usize,
    rest: BytesMut,
}

impl Parts {
    fn new(source: Box<dyn Chunks>, size: usize) -> Self {
        Self { source, size, rest: BytesMut::new() }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while self.rest.len() < self.size {
            match self.source.next().await? {
                Some(data) => self.rest.extend_from_slice(&data),
                None => break,
            }
        }
        let length = self.rest.len().min(self.size);
        Ok((length > 0).then(|| self.rest.split_to(length).freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_how_much_is_held() {
        let held_for = |text: &'static str| {
            held(&HeaderMap::from_iter([(RANGE, HeaderValue::from_static(text))]))
        };
        assert_eq!(held_for("0-9"), Some(10));
        assert_eq!(held_for("bytes=0-9"), Some(10));
        assert_eq!(held_for("0-0"), Some(0));
        assert_eq!(held_for("5-9"), None);
        assert_eq!(held_for("0-18446744073709551615"), None);
    }

    #[tokio::test]
    async fn joins_pieces_to_chunks() {
        #[derive(Debug)]
        struct Threes(u32);

        #[async_trait::async_trait]
        impl Chunks for Threes {
            async fn next(&mut self) -> Result<Option<Bytes>, Error> {
                self.0 += 1;
                Ok((self.0 <= 4).then(|| Bytes::from_static(b"abc")))
            }
        }

        let mut parts = Parts::new(Box::new(Threes(0)), 5);
        let mut sizes = Vec::new();
        while let Some(part) = parts.next().await.expect("no trouble") {
            sizes.push(part.len());
        }
        assert_eq!(sizes, [5, 5, 2]);
    }
}
