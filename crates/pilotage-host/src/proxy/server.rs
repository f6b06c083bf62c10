//! The client's side: accepted connections, each served until it ends or the proxy does.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::Shared;
use super::body::ProxyBody;
use super::forward::forward;
use super::limits::Limits;
use super::sniff::{Sniffed, Version, sniff};

/// Whether the proxy still wants new requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    Draining,
    Ended,
}

/// Serves connections until `stop` resolves, then lets requests in flight finish within the grace.
pub(super) async fn serve(
    proxy: Arc<Shared>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) {
    let most = proxy.limits.connections.min(Semaphore::MAX_PERMITS);
    let seats = Arc::new(Semaphore::new(most));
    let (phase, phases) = watch::channel(Phase::Serving);
    tokio::select! {
        () = stop => {}
        () = accept_all(&proxy, &listener, &seats, &phases) => {}
    }
    drop(listener);
    phase.send_replace(Phase::Draining);
    drop(phases);
    for unit in proxy.routes.all_units() {
        unit.ask_tunnels_to_close();
    }
    let _ = timeout(proxy.limits.close_grace, phase.closed()).await;
    phase.send_replace(Phase::Ended);
}

async fn accept_all(
    proxy: &Arc<Shared>,
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
    phases: &watch::Receiver<Phase>,
) {
    while let Ok(seat) = seats.clone().acquire_owned().await {
        let Some((stream, client)) = accept(listener, &proxy.limits).await else { continue };
        tokio::spawn(serve_connection(proxy.clone(), stream, client, phases.clone(), seat));
    }
}

/// Accepts one connection; a failure, such as too many open files, is waited out.
async fn accept(listener: &TcpListener, limits: &Limits) -> Option<(TcpStream, IpAddr)> {
    if let Ok((stream, peer)) = listener.accept().await {
        return Some((stream, peer.ip().to_canonical()));
    }
    let _ = timeout(limits.connect / 10, std::future::pending::<()>()).await;
    None
}

async fn serve_connection(
    proxy: Arc<Shared>,
    stream: TcpStream,
    client: IpAddr,
    mut phases: watch::Receiver<Phase>,
    _seat: OwnedSemaphorePermit,
) {
    // Failing to set an option of a connection that just broke is found out by the first read.
    let _ = stream.set_nodelay(true);
    let first_bytes = tokio::select! {
        sniffed = timeout(proxy.limits.client_head, sniff(stream)) => sniffed,
        _ = phases.changed() => return,
    };
    let Ok(Ok((version, io))) = first_bytes else { return };
    match version {
        Version::Http1 => serve_http1(proxy, io, client, phases).await,
        Version::Http2 => serve_http2(proxy, io, client, phases).await,
    }
}

async fn serve_http1(
    proxy: Arc<Shared>,
    io: Sniffed<TcpStream>,
    client: IpAddr,
    phases: watch::Receiver<Phase>,
) {
    let limits = &proxy.limits;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.client_head)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.head_fields)
        .serve_connection(TokioIo::new(io), service_fn(|request| answer(&proxy, client, request)))
        .with_upgrades();
    to_the_end(connection, http1::UpgradeableConnection::graceful_shutdown, phases).await;
}

async fn serve_http2(
    proxy: Arc<Shared>,
    io: Sniffed<TcpStream>,
    client: IpAddr,
    phases: watch::Receiver<Phase>,
) {
    let limits = &proxy.limits;
    let service = {
        let proxy = proxy.clone();
        service_fn(move |request| {
            let proxy = proxy.clone();
            async move { answer(&proxy, client, request).await }
        })
    };
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.client_head)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .serve_connection(TokioIo::new(io), service);
    to_the_end(connection, http2::Connection::graceful_shutdown, phases).await;
}

async fn answer(
    proxy: &Arc<Shared>,
    client: IpAddr,
    request: Request<Incoming>,
) -> Result<Response<ProxyBody>, Infallible> {
    Ok(forward(proxy, client, request).await)
}

/// Drives a connection through the phases of the proxy. How it broke is its client's affair.
async fn to_the_end<C: Future>(
    connection: C,
    finish: impl Fn(Pin<&mut C>),
    mut phases: watch::Receiver<Phase>,
) {
    let mut connection = pin!(connection);
    loop {
        tokio::select! {
            _ = poll_fn(|context| connection.as_mut().poll(context)) => return,
            changed = phases.changed() => match (changed, *phases.borrow()) {
                (Ok(()), Phase::Draining) => finish(connection.as_mut()),
                (Ok(()), Phase::Serving) => {}
                (Ok(()), Phase::Ended) | (Err(_), _) => return,
            }
        }
    }
}
