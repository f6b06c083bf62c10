//! The real post: one request over HTTPS, or over plain HTTP to this machine.

use std::fmt::{self, Debug, Display, Formatter};
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper::rt::{Read, Write};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Endpoint, Post, PostError};

/// Delivers over a connection of its own for each body: a run has a handful of notes.
///
/// It has no deadline of its own, for its caller has one. Certificates are checked against the
/// roots of this machine, which are read when they are first needed, and against those that were
/// given beside them.
#[derive(Default)]
pub struct Https {
    also: Vec<CertificateDer<'static>>,
    trust: OnceLock<Arc<ClientConfig>>,
}

#[async_trait]
impl Post for Https {
    async fn post(&self, to: &Endpoint, body: String) -> Result<(), PostError> {
        let request = request(to, body)?;
        let unreachable = |source| PostError::Unreachable { source };
        let stream = TcpStream::connect((to.host(), to.port())).await.map_err(unreachable)?;
        if !to.is_secure() {
            return exchange(TokioIo::new(stream), request).await;
        }
        let name =
            ServerName::try_from(to.host().to_owned()).map_err(|reason| insecure(&reason))?;
        let connector = TlsConnector::from(self.trust()?);
        let stream = connector.connect(name, stream).await.map_err(|reason| insecure(&reason))?;
        exchange(TokioIo::new(stream), request).await
    }
}

impl Https {
    /// The post that trusts these roots as well, such as that of a company's own network.
    pub const fn trusting(also: Vec<CertificateDer<'static>>) -> Self {
        Self { also, trust: OnceLock::new() }
    }

    fn trust(&self) -> Result<Arc<ClientConfig>, PostError> {
        if let Some(trust) = self.trust.get() {
            return Ok(trust.clone());
        }
        let trust = Arc::new(trust(&self.also)?);
        Ok(self.trust.get_or_init(|| trust).clone())
    }
}

fn trust(also: &[CertificateDer<'static>]) -> Result<ClientConfig, PostError> {
    let mut roots = RootCertStore::empty();
    for root in also {
        roots.add(root.clone()).map_err(|reason| insecure(&reason))?;
    }
    // Some machines have a few certificates that nobody can read; those that can be are enough.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder =
        builder.with_safe_default_protocol_versions().map_err(|reason| insecure(&reason))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn insecure(reason: &dyn Display) -> PostError {
    PostError::Insecure { reason: reason.to_string() }
}

fn request(to: &Endpoint, body: String) -> Result<Request<Full<Bytes>>, PostError> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(to.path())
        .header(HOST, to.authority())
        .header(USER_AGENT, concat!("pilotage/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, "application/json");
    request.body(Full::new(Bytes::from(body))).map_err(|_| PostError::Malformed)
}

/// Sends the request and looks at the status of the answer alone; its body is not even read.
async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(), PostError>
where
    S: Read + Write + Unpin,
{
    let broken = |source| PostError::Broken { source };
    let (mut sender, connection) = http1::handshake(stream).await.map_err(broken)?;
    // The connection is driven by this very future, so nothing outlives the call.
    let mut answer = pin!(sender.send_request(request));
    let answer = tokio::select! {
        answer = &mut answer => answer,
        // A connection that ends, however badly, may have brought the answer before.
        ended = connection => answer.await.map_err(|error| ended.err().unwrap_or(error)),
    };
    let answer = answer.map_err(broken)?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(PostError::Refused { status: status.as_u16() }) }
}

impl Debug for Https {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Https").finish_non_exhaustive()
    }
}
