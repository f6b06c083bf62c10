//! An answer, and how it is sent, whole or broken.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, channel::Channel};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

/// What a registry sends.
pub(super) type Body = UnsyncBoxBody<Bytes, Broken>;

/// The connection breaks here.
#[derive(Debug, thiserror::Error)]
#[error("broken on purpose")]
pub(super) struct Broken;

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    /// Half of the body comes, then the connection breaks.
    Half,
    /// The body comes again and again.
    Never,
    /// Nothing comes at all.
    Nothing,
}

impl Answer {
    pub(super) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), ending: Ending::Whole }
    }

    /// A refusal with its code, as the specification words it.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({ "errors": [{ "code": code, "message": message }] });
        Self::new(status).body("application/json", body.to_string())
    }

    pub(super) fn body(self, kind: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self { body, ..self }.header(CONTENT_TYPE, kind)
    }

    pub(super) fn header(mut self, name: impl Into<HeaderName>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn named(self, name: &'static str, value: impl Into<String>) -> Self {
        self.header(HeaderName::from_static(name), value)
    }

    pub(super) fn cut(self) -> Self {
        Self { ending: Ending::Half, ..self }
    }

    pub(super) fn endless(self) -> Self {
        Self { ending: Ending::Never, ..self }
    }

    pub(super) fn lost() -> Self {
        Self { ending: Ending::Nothing, ..Self::new(0) }
    }

    /// What was logged as its status.
    pub(super) fn seen(&self) -> Option<u16> {
        (self.ending != Ending::Nothing).then_some(self.status)
    }

    /// Sends it; without a body to a request that only looks.
    pub(super) fn send(self, only_looks: bool) -> Result<Response<Body>, Broken> {
        let Self { status, headers, body, ending } = self;
        let length = body.len();
        let body = match ending {
            Ending::Nothing => return Err(Broken),
            _ if only_looks => whole(Bytes::new()),
            Ending::Whole => whole(body),
            Ending::Half => broken(vec![body.slice(..length / 2)]),
            Ending::Never => broken(vec![body; 1 << 14]),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Broken)?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).map_err(|_| Broken)?;
            response.headers_mut().append(name, value);
        }
        if ending != Ending::Never {
            response.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
        }
        Ok(response)
    }
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// A body that breaks off after these pieces.
fn broken(pieces: Vec<Bytes>) -> Body {
    let (mut feed, body) = Channel::new(1);
    tokio::spawn(async move {
        for piece in pieces {
            if feed.send_data(piece).await.is_err() {
                return;
            }
        }
        feed.abort(Broken);
    });
    body.boxed_unsync()
}
