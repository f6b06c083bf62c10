//! An upload in one request: the body is fed while the answer is awaited.

use core::pin::pin;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use http_body_util::channel::{Channel, Sender};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use tokio::time::timeout;

use super::upload::Session;
use super::{Blob, Remote, Source};
use crate::Error;
use crate::http::{Answer, Body, BodyError};

/// Pieces that wait for the connection; each is at most what one read gave.
const WAITING: usize = 2;

impl Remote {
    /// Sends the whole blob and lets the registry compare the digest once more.
    pub(super) async fn send_whole(
        &self,
        session: &Session,
        blob: Blob,
        source: &dyn Source,
    ) -> Result<(), Error> {
        let doing = format!("store the blob {} in {}", blob.digest, self.repository());
        let (feed, body) = Channel::new(WAITING);
        let request = put(&session.uri, blob, body.boxed_unsync(), &doing)?;
        let answer = self.feed(request, feed, blob, source, &doing).await?;
        match answer.status() {
            StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::OK => Ok(()),
            _ => Err(self.refusal_to_store(answer, &doing).await),
        }
    }

    /// Feeds the body and awaits the answer at the same time: it may come before the end.
    async fn feed(
        &self,
        request: Request<Body>,
        feed: Sender<Bytes, BodyError>,
        blob: Blob,
        source: &dyn Source,
        doing: &str,
    ) -> Result<Answer, Error> {
        let mut answer = pin!(self.stream(request, doing));
        let mut pump = pin!(self.pump(feed, blob, source, doing));
        tokio::select! {
            answer = &mut answer => return answer,
            fed = &mut pump => fed?,
        }
        let commit = self.client().caller().wire.patience().commit;
        let stalled = |_| Error::Stalled { doing: doing.into(), seconds: commit.as_secs() };
        timeout(commit, answer).await.map_err(stalled)?
    }

    /// Dropping the feed before its end breaks the connection, so nothing wrong is ever completed.
    async fn pump(
        &self,
        mut feed: Sender<Bytes, BodyError>,
        blob: Blob,
        source: &dyn Source,
        doing: &str,
    ) -> Result<(), Error> {
        let mut chunks = match source.open(blob).await {
            Ok(chunks) => chunks,
            Err(error) => return abort(feed, error),
        };
        loop {
            let data = match chunks.next().await {
                Ok(Some(data)) => data,
                Ok(None) => return Ok(()),
                Err(error) => return abort(feed, error),
            };
            let stall = self.stall();
            match timeout(stall, feed.send_data(data)).await {
                Ok(Ok(())) => {}
                // The connection takes no more; why, the answer says.
                Ok(Err(_)) => return Ok(()),
                Err(_) => {
                    let (doing, seconds) = (doing.into(), stall.as_secs());
                    return abort(feed, Error::Stalled { doing, seconds });
                }
            }
        }
    }
}

fn abort(feed: Sender<Bytes, BodyError>, error: Error) -> Result<(), Error> {
    feed.abort(BodyError);
    Err(error)
}

fn put(uri: &Uri, blob: Blob, body: Body, doing: &str) -> Result<Request<Body>, Error> {
    let request = Request::builder()
        .method(Method::PUT)
        .uri(completed(uri, blob))
        .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
        .header(CONTENT_LENGTH, blob.size);
    let malformed = |error: hyper::http::Error| Error::Malformed {
        doing: doing.into(),
        why: error.to_string(),
    };
    request.body(body).map_err(malformed)
}

/// The address that ends an upload.
pub(super) fn completed(uri: &Uri, blob: Blob) -> String {
    let separator = if uri.query().is_some() { '&' } else { '?' };
    format!("{uri}{separator}digest={}", blob.digest)
}
