//! One call that can be repeated: everything it sends is in memory.

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Uri};

use super::{Body, whole};
use crate::Error;

/// A call, and in words what it does.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) doing: String,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) repeat: Repeat,
}

/// When a call may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Whenever that may help: doing it twice is the same as once.
    Always,
    /// Only when it surely did nothing; otherwise its caller looks first.
    IfNothingDone,
}

impl Ask {
    pub(crate) fn new(method: Method, uri: Uri, doing: impl Into<String>) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { doing: doing.into(), method, uri, headers, body, repeat: Repeat::Always }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(crate) fn body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Whether it may be made again after this.
    pub(super) fn may_follow(&self, error: &Error) -> bool {
        match self.repeat {
            Repeat::Always => error.is_transient(),
            Repeat::IfNothingDone => matches!(error, Error::Throttled { .. }),
        }
    }

    pub(super) fn request(&self) -> Request<Body> {
        let mut request = Request::new(whole(self.body.clone()));
        request.method_mut().clone_from(&self.method);
        request.uri_mut().clone_from(&self.uri);
        request.headers_mut().clone_from(&self.headers);
        request
    }
}
