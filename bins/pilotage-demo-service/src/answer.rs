//! What is answered to a request, by its path.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use tokio::time::interval;

use crate::service::Service;
use crate::socket;

const RELEASE_HEADER: &str = "x-pilotage-release";
const RECEIVED_HEADER: &str = "x-received-bytes";

type Answer = Response<Full<Bytes>>;

impl Service {
    /// Answers one request; one that breaks off in the middle gets no answer.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        stopping: tokio::sync::watch::Receiver<()>,
    ) -> Result<Answer, hyper::Error> {
        let mut answer = self.by_path(request, stopping).await?;
        if let Ok(release) = self.release().parse() {
            answer.headers_mut().insert(RELEASE_HEADER, release);
        }
        Ok(answer)
    }

    async fn by_path(
        &self,
        request: Request<Incoming>,
        stopping: tokio::sync::watch::Receiver<()>,
    ) -> Result<Answer, hyper::Error> {
        if request.uri().path() == "/health" {
            let unready = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(self.page(if self.is_ready() { StatusCode::OK } else { unready }));
        }
        if !self.begins_well(request.headers()) {
            return Ok(self.page(StatusCode::INTERNAL_SERVER_ERROR));
        }
        match request.uri().path() {
            "/socket" => Ok(socket::accept(request, stopping)),
            "/upload" => self.upload(request).await,
            path => {
                take(delay(path)).await;
                Ok(self.page(StatusCode::OK))
            }
        }
    }

    fn page(&self, status: StatusCode) -> Answer {
        let mut page = Response::new(Full::from(format!("{}\n", self.release())));
        *page.status_mut() = status;
        page
    }

    async fn upload(&self, request: Request<Incoming>) -> Result<Answer, hyper::Error> {
        let (mut body, mut received) = (request.into_body(), 0);
        while let Some(frame) = body.frame().await {
            received += frame?.data_ref().map_or(0, Bytes::len);
        }
        let mut page = self.page(StatusCode::OK);
        page.headers_mut().insert(RECEIVED_HEADER, received.into());
        Ok(page)
    }
}

/// How long the answer to this path takes: `/slow/300` takes that many milliseconds.
fn delay(path: &str) -> Duration {
    let millis = path.strip_prefix("/slow/").and_then(|millis| millis.parse::<u16>().ok());
    Duration::from_millis(millis.unwrap_or(0).into())
}

async fn take(delay: Duration) {
    if delay > Duration::ZERO {
        let mut work = interval(delay);
        work.tick().await;
        work.tick().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slow_paths_with_a_number_are_slow() {
        let millis = |path| u64::try_from(delay(path).as_millis());
        assert_eq!(millis("/slow/300"), Ok(300));
        for path in ["/", "/slow", "/slow/", "/slow/ages", "/slow/-1", "/slow/70000"] {
            assert_eq!(millis(path), Ok(0), "{path}");
        }
    }
}
