//! The few requests that logins make.

mod address;
mod form;
mod said;

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use hyper::{Method, Request};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pilotage_clock::Clock;
use pilotage_rollout::Span;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::Error;
use address::checked;

pub(crate) use address::is_this_machine;

pub(crate) use form::Form;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much of an answer is read: tokens are a few kilobytes.
const LONGEST: usize = 256 << 10;

/// How often one asks, and how long one waits after the first failure.
const ATTEMPTS: u64 = 3;
const PAUSE: Span = Span::from_millis(500);

const AGENT: &str = concat!("pilotage/", env!("CARGO_PKG_VERSION"));

/// Makes requests that may be repeated: asking for a token twice gives two tokens.
pub(crate) struct Web {
    clock: Arc<dyn Clock>,
    // Made when first needed: the roots of the machine are a hundred files to parse.
    client: OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

impl Web {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, client: OnceLock::new() }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Sends a form.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        doing: &str,
        address: &str,
        form: &Form,
    ) -> Result<T, Error> {
        let mut request = Request::new(Full::new(Bytes::from(form.encoded())));
        *request.method_mut() = Method::POST;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        self.ask(doing, address, request).await
    }

    /// Asks the metadata service of this machine, which wants to be sure that it is meant.
    pub(crate) async fn metadata<T: DeserializeOwned>(
        &self,
        doing: &str,
        address: &str,
    ) -> Result<T, Error> {
        let mut request = Request::new(Full::new(Bytes::new()));
        request.headers_mut().insert("metadata", HeaderValue::from_static("true"));
        self.ask(doing, address, request).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        doing: &str,
        address: &str,
        mut request: Request<Full<Bytes>>,
    ) -> Result<T, Error> {
        *request.uri_mut() = checked(doing, address)?;
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let mut attempt = 1;
        loop {
            match self.once(doing, request.clone()).await {
                Err(error) if error.is_passing() && attempt < ATTEMPTS => {
                    self.clock.sleep(Span::from_millis(PAUSE.as_millis() * attempt)).await;
                    attempt += 1;
                }
                answer => return read(doing, &answer?),
            }
        }
    }

    async fn once(&self, doing: &str, request: Request<Full<Bytes>>) -> Result<Bytes, Error> {
        let late = |_| Error::TimedOut { doing: doing.into(), seconds: PATIENCE.as_secs() };
        timeout(PATIENCE, self.exchange(doing, request)).await.map_err(late)?
    }

    async fn exchange(&self, doing: &str, request: Request<Full<Bytes>>) -> Result<Bytes, Error> {
        let answer = self.client(doing)?.request(request).await;
        let answer =
            answer.map_err(|why| Error::Unreachable { doing: doing.into(), source: why.into() })?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body =
            body.map_err(|source| Error::Unreachable { doing: doing.into(), source })?.to_bytes();
        if status.is_success() { Ok(body) } else { Err(said::refusal(doing, status, &body)) }
    }

    fn client(
        &self,
        doing: &str,
    ) -> Result<&Client<HttpsConnector<HttpConnector>, Full<Bytes>>, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
        let unreachable =
            |why: std::io::Error| Error::Unreachable { doing: doing.into(), source: why.into() };
        // Which addresses may be asked without TLS is decided where addresses are checked.
        let connector = tls.map_err(unreachable)?.https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(self.client.get_or_init(|| client))
    }
}

fn read<T: DeserializeOwned>(doing: &str, body: &[u8]) -> Result<T, Error> {
    // The reason tells a place and a kind, never the text itself, which may be a token.
    serde_json::from_slice(body).map_err(|why| {
        let why = format!("{:?} error at column {}", why.classify(), why.column());
        Error::Unreadable { doing: doing.into(), why }
    })
}

/// An address with what is asked of it.
pub(crate) fn with_query(address: &str, form: &Form) -> String {
    format!("{address}?{}", form.encoded())
}

/// The server of an address, without what follows.
pub(crate) fn trimmed(address: &str) -> &str {
    address.trim_end_matches('/')
}

impl Debug for Web {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web").finish_non_exhaustive()
    }
}
