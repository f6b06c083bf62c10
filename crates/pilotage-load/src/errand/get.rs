//! An ordinary request.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response, Uri};

use super::Errand;
use super::line::Line;
use crate::answer::release_of;
use crate::{Answer, Loss, Outcome, REQUEST_HEADER, RequestId, Stopping};

/// Asks for a path, over a connection that is kept alive.
#[derive(Debug)]
pub struct Get {
    path: Uri,
    line: Line<Empty<Bytes>>,
}

impl Get {
    /// Asks this address for this path.
    pub fn new(address: SocketAddr, path: &'static str) -> Self {
        Self { path: Uri::from_static(path), line: Line::to(address) }
    }
}

impl Errand for Get {
    async fn run(&mut self, request: RequestId, _: &mut Stopping) -> Outcome {
        let mut asked = Request::new(Empty::new());
        *asked.uri_mut() = self.path.clone();
        asked.headers_mut().insert(HOST, HeaderValue::from_static("shop.example"));
        asked.headers_mut().insert(REQUEST_HEADER, request.0.into());
        self.line.ask(asked, whole).await
    }
}

/// Reads the answer to its end; a service names its release in the header and in the body.
pub(super) async fn whole(response: Response<Incoming>) -> Outcome {
    let (head, body) = response.into_parts();
    let (status, release) = (head.status.as_u16(), release_of(&head.headers));
    let body = body.collect().await.map_err(Loss::Broken)?.to_bytes();
    let is_named = body.strip_suffix(b"\n") == Some(release.as_bytes());
    if is_named { Ok(Answer { status, release }) } else { Err(Loss::Garbled { status, release }) }
}
