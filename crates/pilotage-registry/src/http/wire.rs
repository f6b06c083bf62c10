//! The connections: pooled, secured where they must be, with deadlines.

use core::fmt::{self, Debug, Formatter};
use core::time::Duration;
use std::sync::{Arc, OnceLock};

use hyper::body::{Body as _, Incoming};
use hyper::header::{HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use super::{Body, Origin};
use crate::Error;

/// An answer whose body is not read yet.
pub(crate) type Answer = Response<Incoming>;

const AGENT: &str = concat!("pilotage/", env!("CARGO_PKG_VERSION"));

/// How long a silence may last. They are limits of the network and thus measured in real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection is there.
    pub connect: Duration,
    /// Until an answer begins.
    pub answer: Duration,
    /// Between two pieces of a body.
    pub stall: Duration,
    /// Until an answer begins to an upload that was sent: the registry may copy it first.
    pub commit: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let minute = Duration::from_mins(1);
        Self { connect: Duration::from_secs(10), answer: minute, stall: minute, commit: minute * 5 }
    }
}

/// The pools of connections. HTTP/1.1 alone: blobs go side by side over connections of their own,
/// which no shared window slows down.
pub(crate) struct Wire {
    patience: Patience,
    plain: Client<HttpConnector, Body>,
    // Made when first needed: the roots of the machine are a hundred files to parse.
    secure: OnceLock<Client<HttpsConnector<HttpConnector>, Body>>,
}

impl Wire {
    pub(crate) fn new(patience: Patience) -> Self {
        let plain = builder().build(connector(patience));
        Self { patience, plain, secure: OnceLock::new() }
    }

    pub(crate) const fn patience(&self) -> Patience {
        self.patience
    }

    /// Sends what is in memory, and waits for the beginning of the answer.
    pub(crate) async fn send(&self, request: Request<Body>, doing: &str) -> Result<Answer, Error> {
        let limit = self.patience.answer + sending(request.body());
        let stalled = |_| Error::Stalled { doing: doing.into(), seconds: limit.as_secs() };
        timeout(limit, self.stream(request, doing)).await.map_err(stalled)?
    }

    /// Sends what may take long; its caller has the deadlines.
    pub(crate) async fn stream(
        &self,
        mut request: Request<Body>,
        doing: &str,
    ) -> Result<Answer, Error> {
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let is_secure = Origin::of(request.uri()).is_some_and(|origin| origin.is_secure());
        let answer = if is_secure {
            self.secure(doing)?.request(request).await
        } else {
            self.plain.request(request).await
        };
        answer.map_err(|source| Error::Connection { doing: doing.into(), source: source.into() })
    }

    fn secure(&self, doing: &str) -> Result<&Client<HttpsConnector<HttpConnector>, Body>, Error> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
        let tls =
            tls.map_err(|error| Error::Connection { doing: doing.into(), source: error.into() })?;
        let mut inner = connector(self.patience);
        inner.enforce_http(false);
        let https = tls.https_only().enable_http1().wrap_connector(inner);
        Ok(self.secure.get_or_init(|| builder().build(https)))
    }
}

/// How long what is sent may take on a slow line: a second for each 64 KiB.
fn sending(body: &Body) -> Duration {
    Duration::from_secs(body.size_hint().lower() >> 16)
}

fn builder() -> hyper_util::client::legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).pool_max_idle_per_host(16);
    builder
}

fn connector(patience: Patience) -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(patience.connect));
    connector.set_nodelay(true);
    connector
}

impl Debug for Wire {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("patience", &self.patience).finish_non_exhaustive()
    }
}
