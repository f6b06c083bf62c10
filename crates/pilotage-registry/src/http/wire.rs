//! The connections: pooled, secured where they must be, with deadlines.

use core::fmt::{self, Debug, Formatter};
use core::time::Duration;
use std::io;
use std::sync::OnceLock;

use hyper::body::{Body as _, Incoming};
use hyper::header::{HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use super::path::Path;
use super::{Body, Origin, Proxies, Roots};
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
    secure: OnceLock<Client<HttpsConnector<Path>, Body>>,
    roots: Roots,
    proxies: Proxies,
}

impl Wire {
    pub(crate) fn new(patience: Patience, roots: Roots, proxies: Proxies) -> Self {
        let plain = builder().build(connector(patience));
        Self { patience, plain, secure: OnceLock::new(), roots, proxies }
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
        answer.map_err(|source| failed(doing, source.into()))
    }

    fn secure(&self, doing: &str) -> Result<&Client<HttpsConnector<Path>, Body>, Error> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        let config = self.roots.config().map_err(|error| failed(doing, error.into()))?;
        let mut straight = connector(self.patience);
        straight.enforce_http(false);
        let path = Path { straight, proxies: self.proxies.clone() };
        let tls = HttpsConnectorBuilder::new().with_tls_config(config).https_only();
        let https = tls.enable_http1().wrap_connector(path);
        Ok(self.secure.get_or_init(|| builder().build(https)))
    }
}

/// A certificate that nobody vouches for is no connection that failed: trying again is in vain.
fn failed(doing: &str, source: Box<dyn core::error::Error + Send + Sync>) -> Error {
    let doing = doing.into();
    if is_untrusted(&*source) {
        Error::Untrusted { doing, source }
    } else {
        Error::Connection { doing, source }
    }
}

fn is_untrusted(error: &(dyn core::error::Error + 'static)) -> bool {
    // An I/O error that was made of another error does not name it as its source.
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let tls = error.downcast_ref::<rustls::Error>();
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
        || inner.is_some_and(|inner| is_untrusted(inner))
        || error.source().is_some_and(is_untrusted)
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
