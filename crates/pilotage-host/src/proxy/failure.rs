//! Why no unit answered a request, and what its client is told.

use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use crate::router::Track;

use super::body::ProxyBody;

/// Why a request has no response from a unit.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// No connection could be made, so no unit has seen the request.
    #[error("did not accept a connection: {0}")]
    Connect(std::io::Error),
    /// The unit has the request and did not begin a response in time.
    #[error("did not begin a response in time")]
    ResponseTimeout,
    /// The unit broke the exchange off before the head of its response.
    #[error("broke the connection before its response: {0}")]
    Broken(hyper::Error),
    /// The client stopped sending the body that it had announced.
    #[error("did not get the whole request: the client stopped sending")]
    ClientTimeout,
    /// The client's connection broke while it was sending.
    #[error("did not get the whole request: the client's connection broke")]
    ClientBroke,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::Connect(_) | Self::Broken(_) => StatusCode::BAD_GATEWAY,
            Self::ResponseTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::ClientTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::ClientBroke => StatusCode::BAD_REQUEST,
        }
    }

    /// The response in place of the unit's.
    pub(super) fn response(&self, track: Track) -> Response<ProxyBody> {
        plain(self.status(), format!("pilotage: the {track} track {self}\n"))
    }
}

/// A short response of the proxy itself.
pub(super) fn plain(status: StatusCode, text: impl Into<String>) -> Response<ProxyBody> {
    let mut response = Response::new(ProxyBody::text(text.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
