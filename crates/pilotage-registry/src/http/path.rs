//! The way to a server: straight, or through a proxy that only sees where it leads.
//!
//! Proxies are for secured connections alone: what is spoken without TLS is near.

use core::fmt::{self, Debug, Formatter};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio::net::TcpStream;
use tower_service::Service;

type Cause = Box<dyn core::error::Error + Send + Sync>;

/// Through which proxy secured connections go, as the environment of a job says it.
#[derive(Clone, Default)]
pub struct Proxies(Option<Arc<Matcher>>);

impl Proxies {
    /// The proxy of `HTTPS_PROXY`, and what `NO_PROXY` excepts: hosts, domains and networks.
    pub fn of(proxy: Option<&str>, except: Option<&str>) -> Self {
        let build = |proxy: &str| {
            let builder = Matcher::builder().https(proxy.to_owned());
            Arc::new(builder.no(except.unwrap_or_default().to_owned()).build())
        };
        Self(proxy.filter(|proxy| !proxy.is_empty()).map(build))
    }
}

/// The address of a proxy may hold a password.
impl Debug for Proxies {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxies").field(&self.0.is_some()).finish()
    }
}

/// Opens connections.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) straight: HttpConnector,
    pub(super) proxies: Proxies,
}

impl Service<Uri> for Path {
    type Response = TokioIo<TcpStream>;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cause>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        self.straight.poll_ready(context).map_err(Cause::from)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let intercept = self.proxies.0.as_ref().and_then(|matcher| matcher.intercept(&to));
        let Some(proxy) = intercept else {
            let connecting = self.straight.call(to);
            return Box::pin(async move { connecting.await.map_err(Cause::from) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.straight.clone());
        if let Some(login) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(login.clone());
        }
        let connecting = tunnel.call(to);
        Box::pin(async move { connecting.await.map_err(Cause::from) })
    }
}
