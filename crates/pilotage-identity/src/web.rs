//! The few requests that logins and vaults take.
//!
//! - **Secrets go over secured connections only**, but for this machine and the metadata service
//!   that every Azure machine has at `169.254.169.254`.
//! - **Every call ends**: with a deadline, a limit on what is read, and three attempts at most.
//! - **Redirects are not followed**: where they lead is not who was to be asked.
//! - **A server's words are shortened before they are shown**, and not shown at all where they
//!   repeat what it was asked with.

mod address;
mod error;
mod form;
mod question;
mod said;

pub use address::is_this_machine;
pub use error::Error;
pub use form::Form;
pub use question::Question;

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pilotage_clock::Clock;
use pilotage_rollout::Span;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much of an answer is read: tokens are a few kilobytes.
const LONGEST: usize = 256 << 10;

/// How often one asks, and how long one waits after the first failure.
const ATTEMPTS: u64 = 3;
const PAUSE: Span = Span::from_millis(500);

/// Makes requests.
pub struct Web {
    clock: Arc<dyn Clock>,
    // Made when first needed: the roots of the machine are a hundred files to parse.
    client: OnceLock<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

/// What came back, whatever the status.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How long to wait before asking again, where the server says so in seconds.
    pub wait: Option<Span>,
    /// The body, which may be a secret.
    pub body: Bytes,
}

impl Web {
    /// A client that has not connected to anybody yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, client: OnceLock::new() }
    }

    /// The clock by which it waits.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Asks what may be asked again, and reads the answer: asking for a token twice gives two
    /// tokens.
    pub async fn ask<T: DeserializeOwned>(&self, question: &Question) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            match self.granted(question).await {
                Err(error) if error.is_passing() && attempt < ATTEMPTS => {
                    self.clock.sleep(Span::from_millis(PAUSE.as_millis() * attempt)).await;
                    attempt += 1;
                }
                answer => return read(question.doing(), &answer?),
            }
        }
    }

    /// Asks once, and gives back whatever was answered.
    pub async fn once(&self, question: &Question) -> Result<Answer, Error> {
        let doing = question.doing();
        let late = |_| Error::TimedOut { doing: doing.into(), seconds: PATIENCE.as_secs() };
        timeout(PATIENCE, self.exchange(question)).await.map_err(late)?
    }

    async fn granted(&self, question: &Question) -> Result<Bytes, Error> {
        let answer = self.once(question).await?;
        let status = StatusCode::from_u16(answer.status).unwrap_or_default();
        if status.is_success() {
            return Ok(answer.body);
        }
        Err(said::refusal(question, status, &answer.body))
    }

    async fn exchange(&self, question: &Question) -> Result<Answer, Error> {
        let doing = question.doing();
        let answer = self.client(doing)?.request(question.request()?).await;
        let answer =
            answer.map_err(|why| Error::Unreachable { doing: doing.into(), source: why.into() })?;
        let status = answer.status().as_u16();
        let wait = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok());
        let wait = wait.and_then(|wait| wait.parse().ok()).map(Span::from_secs);
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body = body.map_err(|source| Error::Unreachable { doing: doing.into(), source })?;
        Ok(Answer { status, wait, body: body.to_bytes() })
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

/// Reads an answer. The reason of a failure tells a place and a kind, never the text itself, which
/// may be a secret.
pub fn read<T: DeserializeOwned>(doing: &str, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|why| {
        let why = format!("{:?} error at column {}", why.classify(), why.column());
        Error::Unreadable { doing: doing.into(), why }
    })
}

impl Debug for Web {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web").finish_non_exhaustive()
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}
