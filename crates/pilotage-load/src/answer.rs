//! What becomes of a request.

use std::io;

use hyper::header::HeaderMap;

use crate::RELEASE_HEADER;

/// How a request ended.
pub type Outcome = Result<Answer, Loss>;

/// A whole answer of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status: 101 of a `WebSocket` that was closed properly.
    pub status: u16,
    /// The release that gave it, by its own word.
    pub release: String,
}

impl Answer {
    /// Whether the service did what it was asked to.
    pub fn is_good(&self) -> bool {
        matches!(self.status, 101 | 200)
    }
}

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    /// Nobody could be connected to.
    #[error("no connection could be made")]
    Connect(#[source] io::Error),
    /// The connection broke, or what came over it was no HTTP.
    #[error("the exchange broke")]
    Broken(#[source] hyper::Error),
    /// The answer took longer than anything here may.
    #[error("there was no whole answer within {seconds} s")]
    TooLate {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The body of the answer is not what a service of this release says.
    #[error("status {status} with an answer that is not of `{release}`")]
    Garbled {
        /// The status of the answer.
        status: u16,
        /// The release that its header names.
        release: String,
    },
    /// Not all of an upload arrived.
    #[error("`{release}` received {received} instead of {sent} bytes")]
    Short {
        /// The release that its header names.
        release: String,
        /// What it says to have received.
        received: String,
        /// What was sent.
        sent: u64,
    },
    /// The `WebSocket` could not be opened, or broke.
    #[error("the socket broke")]
    Socket(#[source] Box<tokio_tungstenite::tungstenite::Error>),
    /// The `WebSocket` ended in another way than by a close that says why.
    #[error("the socket of `{release}` was not closed properly: {how}")]
    CutOff {
        /// The release at its other end.
        release: String,
        /// What was seen instead.
        how: String,
    },
}

/// The release that a head names.
pub(crate) fn release_of(headers: &HeaderMap) -> String {
    text_of(headers, RELEASE_HEADER)
}

pub(crate) fn text_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
