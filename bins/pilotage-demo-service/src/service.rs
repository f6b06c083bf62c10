//! The service itself: answers, and a proper end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::faults::Faults;

const RELEASE_HEADER: &str = "x-pilotage-release";
/// How long requests that have begun may take once the service is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// A service of one release.
#[derive(Debug)]
pub(crate) struct Service {
    release: String,
    faults: Faults,
    began: Instant,
    requests: AtomicU64,
}

impl Service {
    #[expect(clippy::disallowed_methods, reason = "a real program that counts its own age")]
    pub(crate) fn new(release: String, faults: Faults) -> Self {
        Self { release, faults, began: Instant::now(), requests: AtomicU64::new(0) }
    }

    /// Serves until SIGTERM or SIGINT, then finishes what it has begun.
    pub(crate) async fn serve(self, address: SocketAddr) -> io::Result<()> {
        let (mut term, mut int) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let listener = TcpListener::bind(address).await?;
        let service = Arc::new(self);
        let (stop, stopping) = watch::channel(());
        tokio::select! {
            () = service.accept(&listener, &stopping) => {}
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        drop((listener, stopping));
        stop.send_replace(());
        // Whatever is not finished by then ends with the process.
        let _ = timeout(GRACE, stop.closed()).await;
        Ok(())
    }

    async fn accept(self: &Arc<Self>, listener: &TcpListener, stopping: &watch::Receiver<()>) {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::spawn(self.clone().converse(stream, stopping.clone()));
        }
    }

    async fn converse(self: Arc<Self>, stream: TcpStream, mut stopping: watch::Receiver<()>) {
        // A client that is gone already is found out by the first read.
        let _ = stream.set_nodelay(true);
        let answer = service_fn(|request| {
            let response = self.answer(&request);
            async { Ok::<_, Infallible>(response) }
        });
        let mut builder = http1::Builder::new();
        let connection =
            builder.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer);
        tokio::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let well = match request.uri().path() {
            "/health" => self.faults.is_ready(self.began.elapsed()),
            _ => !self.faults.fails(self.requests.fetch_add(1, Ordering::Relaxed)),
        };
        let failure = match request.uri().path() {
            "/health" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = Response::new(Full::from(format!("{}\n", self.release)));
        if !well {
            *response.status_mut() = failure;
        }
        if let Ok(release) = HeaderValue::from_str(&self.release) {
            response.headers_mut().insert(RELEASE_HEADER, release);
        }
        response
    }
}
