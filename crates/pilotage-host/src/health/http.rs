//! The prober that asks over HTTP, each time on a new connection.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::header::HOST;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::os::now;
use crate::router::{Protocol, Upstream};
use crate::runtime::HealthPath;

use super::{HealthCheck, Prober, RELEASE_HEADER, Unhealthy};

const BODY_BYTES: usize = 64 * 1024;

/// Asks over HTTP, in the protocol of the unit.
#[derive(Debug, Clone, Copy, Default)]
pub struct HttpProber;

#[async_trait]
impl Prober for HttpProber {
    async fn probe(&self, unit: Upstream, check: &HealthCheck) -> Result<Duration, Unhealthy> {
        let began = now();
        let deadline = check.deadline;
        timeout(deadline, ask(unit, check))
            .await
            .map_err(|_| Unhealthy::TimedOut { deadline })??;
        Ok(began.elapsed())
    }
}

/// One answer to anybody's request: how it went, and the release that its header names.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) success: Result<(), Unhealthy>,
    pub(crate) release: Option<String>,
}

/// Asks for a page as anybody would; fails if nothing answers at all.
pub(crate) async fn ask_page(
    unit: Upstream,
    path: &HealthPath,
    deadline: Duration,
) -> Result<Page, Unhealthy> {
    let response = timeout(deadline, answer(unit, path)).await;
    let response = response.map_err(|_| Unhealthy::TimedOut { deadline })??;
    Ok(Page { success: is_success(&response), release: release_in_header(response.headers()) })
}

async fn ask(unit: Upstream, check: &HealthCheck) -> Result<(), Unhealthy> {
    let response = answer(unit, &check.path).await?;
    is_success(&response)?;
    judge(response, check).await
}

async fn answer(unit: Upstream, path: &HealthPath) -> Result<Response<Incoming>, Unhealthy> {
    let stream = TcpStream::connect(unit.address)
        .await
        .map_err(|source| Unhealthy::Unreachable { unit: unit.address, source })?;
    exchange(stream, unit, path).await.map_err(|error| broken(&error))
}

fn is_success(response: &Response<Incoming>) -> Result<(), Unhealthy> {
    let status = response.status();
    if status.is_success() { Ok(()) } else { Err(Unhealthy::Status { status: status.as_u16() }) }
}

async fn exchange(
    stream: TcpStream,
    unit: Upstream,
    path: &HealthPath,
) -> Result<Response<Incoming>, hyper::Error> {
    let io = TokioIo::new(stream);
    // The connection's task ends with the request, or with the response's body.
    match unit.protocol {
        Protocol::Http1 => {
            let (mut sender, connection) = http1::handshake(io).await?;
            tokio::spawn(connection);
            sender.send_request(request(path.as_str(), unit)).await
        }
        Protocol::H2c => {
            let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
            tokio::spawn(connection);
            let target = format!("http://{}{}", unit.address, path.as_str());
            sender.send_request(request(&target, unit)).await
        }
    }
}

fn request(target: &str, unit: Upstream) -> Request<Empty<Bytes>> {
    let mut request = Request::new(Empty::new());
    *request.uri_mut() = target.parse().unwrap_or_default();
    if let (Protocol::Http1, Ok(host)) = (unit.protocol, unit.address.to_string().parse()) {
        request.headers_mut().insert(HOST, host);
    }
    request
}

async fn judge(response: Response<Incoming>, check: &HealthCheck) -> Result<(), Unhealthy> {
    let named = release_in_header(response.headers());
    let body = Limited::new(response.into_body(), BODY_BYTES).collect().await;
    let found = match (named, body) {
        (Some(release), _) => Some(release),
        (None, Ok(body)) => release_in_text(&String::from_utf8_lossy(&body.to_bytes())),
        (None, Err(error)) if error.is::<LengthLimitError>() => {
            if !check.identity.is_required() {
                return Ok(());
            }
            return Err(Unhealthy::TooLong { limit: BODY_BYTES });
        }
        (None, Err(error)) => return Err(broken(error.as_ref())),
    };
    let expected = check.release.clone();
    match found {
        Some(found) if found == expected.as_str() => Ok(()),
        Some(found) => Err(Unhealthy::WrongRelease { expected, found }),
        None if check.identity.is_required() => Err(Unhealthy::Nameless { expected }),
        None => Ok(()),
    }
}

fn release_in_header(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(RELEASE_HEADER)?.to_str().ok()?.trim().to_owned())
}

/// The value of the first line `release: <id>` or `release=<id>`.
fn release_in_text(text: &str) -> Option<String> {
    let value = |line: &str| {
        let rest = line.trim().strip_prefix("release")?.trim_start();
        rest.strip_prefix([':', '=']).map(|value| value.trim().to_owned())
    };
    text.lines().find_map(value)
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Unhealthy {
    let chain = std::iter::successors(Some(error), |error| error.source());
    let reasons: Vec<String> = chain.map(ToString::to_string).collect();
    Unhealthy::Broken { reason: reasons.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::release_in_text;

    #[test]
    fn a_release_is_named_on_a_line_of_its_own() {
        for text in ["release: v2", "ok\n  release=v2 \nup: 3", "release : v2\nrelease: v1"] {
            assert_eq!(release_in_text(text).as_deref(), Some("v2"), "{text}");
        }
        for text in ["", "released: v2", "the release: v2", "release v2"] {
            assert_eq!(release_in_text(text), None, "{text}");
        }
    }
}
