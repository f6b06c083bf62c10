//! The service itself: connections, and a proper end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::faults::Faults;
use crate::ledger::Ledger;

/// How long requests that have begun may take once the service is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// A service of one release.
#[derive(Debug)]
pub(crate) struct Service {
    release: String,
    faults: Faults,
    began: Instant,
    requests: AtomicU64,
    ledger: Option<Ledger>,
}

impl Service {
    #[expect(clippy::disallowed_methods, reason = "a real program that counts its own age")]
    pub(crate) fn new(release: String, faults: Faults, ledger: Option<Ledger>) -> Self {
        Self { release, faults, began: Instant::now(), requests: AtomicU64::new(0), ledger }
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
        let ends = stopping.clone();
        let answer = service_fn(|request| self.answer(request, ends.clone()));
        let mut builder = http1::Builder::new();
        let connection = builder.timer(TokioTimer::new());
        let connection = connection.serve_connection(TokioIo::new(stream), answer).with_upgrades();
        tokio::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
        // A client that breaks off has no answer coming.
        let _ = connection.await;
    }

    pub(crate) fn release(&self) -> &str {
        &self.release
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.faults.is_ready(self.began.elapsed())
    }

    /// Counts a request and writes it down; whether it is to be answered well.
    pub(crate) fn begins_well(&self, headers: &HeaderMap) -> bool {
        let is_noted = self.ledger.as_ref().is_none_or(|ledger| ledger.note(headers).is_ok());
        is_noted && !self.faults.fails(self.requests.fetch_add(1, Ordering::Relaxed))
    }
}
