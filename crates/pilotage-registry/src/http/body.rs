//! Bodies: what is sent, and what is read into memory within a limit.

use core::fmt::{self, Display, Formatter};
use core::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use pilotage_rollout::Moment;
use tokio::time::timeout;

use super::retry::asked;
use super::{Answer, Said};
use crate::Error;

/// What a request carries.
pub(crate) type Body = UnsyncBoxBody<Bytes, BodyError>;

/// The words of a refusal are read no further than this.
const LONGEST_REFUSAL: usize = 64 << 10;

/// The source of a body failed; its own error is reported where it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyError;

impl Display for BodyError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the source of the upload failed")
    }
}

impl core::error::Error for BodyError {}

/// A body that is in memory.
pub(crate) fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// Reads the body of an answer, never more than the limit.
///
/// We ask for no compression, so a compressed body is refused: what unpacks into gigabytes cannot
/// be sent to us in a few kilobytes.
pub(crate) async fn collect(
    answer: Answer,
    limit: usize,
    stall: Duration,
    doing: &str,
) -> Result<Bytes, Error> {
    if answer.headers().contains_key(CONTENT_ENCODING) {
        let why = "it is compressed, which was not asked for".into();
        return Err(Error::Malformed { doing: doing.into(), why });
    }
    let too_large = || Error::TooLarge { what: format!("the answer to `{doing}`"), limit };
    if announced(&answer).is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = answer.into_body();
    let mut collected = BytesMut::new();
    while let Some(data) = next(&mut body, stall, doing).await? {
        if collected.len() + data.len() > limit {
            return Err(too_large());
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected.freeze())
}

fn announced(answer: &Answer) -> Option<usize> {
    answer.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The next piece of a body.
pub(crate) async fn next(
    body: &mut Incoming,
    stall: Duration,
    doing: &str,
) -> Result<Option<Bytes>, Error> {
    loop {
        let frame = timeout(stall, body.frame()).await;
        let frame =
            frame.map_err(|_| Error::Stalled { doing: doing.into(), seconds: stall.as_secs() })?;
        let Some(frame) = frame else { return Ok(None) };
        let broken = |source| Error::Connection { doing: doing.into(), source: Box::new(source) };
        // Trailers say nothing that we need.
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            return Ok(Some(data));
        }
    }
}

/// The error that an answer without success is.
pub(crate) async fn read_refusal(
    answer: Answer,
    stall: Duration,
    now: Moment,
    doing: &str,
) -> Error {
    let (status, pause) = (answer.status(), asked(answer.headers(), now));
    // The words are a courtesy: what cannot be read of them changes nothing.
    let body = collect(answer, LONGEST_REFUSAL, stall, doing).await.unwrap_or_default();
    let (doing, said) = (doing.to_owned(), Said::read(status, &body).pausing(pause));
    match status {
        StatusCode::UNAUTHORIZED => Error::Unauthorized { doing, said },
        StatusCode::FORBIDDEN => Error::Denied { doing, said },
        StatusCode::TOO_MANY_REQUESTS => Error::Throttled { doing, said },
        _ => Error::Refused { doing, said },
    }
}
