//! Connections to units: made, leased for one exchange, and kept for the next.

use std::io;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::router::Protocol;

use super::body::RequestBody;
use super::limits::Limits;
use super::unit::{H2cSender, Http1Sender, Unit};

/// Whether an exchange may use a connection that idled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    /// Prefer one.
    Allowed,
    /// The last attempt failed on one, so make a new one.
    Never,
}

/// A connection for one exchange; when dropped it is kept for the next if it is still good.
#[derive(Debug)]
pub(super) struct Lease {
    unit: Arc<Unit>,
    sender: Option<Sender>,
    reused: bool,
    keep: usize,
}

#[derive(Debug)]
enum Sender {
    Http1(Http1Sender),
    H2c(H2cSender),
}

impl Lease {
    /// Takes an idle connection to the unit or makes one.
    pub(super) async fn take(unit: &Arc<Unit>, reuse: Reuse, limits: &Limits) -> io::Result<Self> {
        let (sender, reused) = match unit.upstream().protocol {
            Protocol::Http1 => http1_sender(unit, reuse, limits).await?,
            Protocol::H2c => h2c_sender(unit, reuse, limits).await?,
        };
        let keep = limits.idle_connections;
        Ok(Self { unit: unit.clone(), sender: Some(sender), reused, keep })
    }

    /// Whether the connection had idled, so that the unit may have closed it at any moment.
    pub(super) fn reused(&self) -> bool {
        self.reused
    }

    /// Sends a request; the error gives it back if none of it was sent.
    pub(super) async fn send(
        &mut self,
        request: Request<RequestBody>,
    ) -> Result<Response<Incoming>, TrySendError<Request<RequestBody>>> {
        match &mut self.sender {
            Some(Sender::H2c(sender)) => sender.try_send_request(request).await,
            Some(Sender::Http1(sender)) => sender.try_send_request(request).await,
            None => std::future::pending().await,
        }
    }

    /// Gives the connection up: it now belongs to a tunnel.
    pub(super) fn give_up(mut self) {
        self.sender = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(Sender::Http1(sender)) = self.sender.take() else { return };
        if sender.is_ready() {
            self.unit.keep_idle(sender, self.keep);
        } else if !sender.is_closed()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(keep_when_ready(self.unit.clone(), sender, self.keep));
        }
    }
}

/// The end of the exchange is noticed by the connection's own task, perhaps a moment later.
async fn keep_when_ready(unit: Arc<Unit>, mut sender: Http1Sender, keep: usize) {
    const MOMENT: std::time::Duration = std::time::Duration::from_secs(1);
    if let Ok(Ok(())) = timeout(MOMENT, sender.ready()).await {
        unit.keep_idle(sender, keep);
    }
}

async fn http1_sender(unit: &Unit, reuse: Reuse, limits: &Limits) -> io::Result<(Sender, bool)> {
    if reuse == Reuse::Allowed
        && let Some(idle) = unit.take_idle(limits.idle_upstream)
    {
        return Ok((Sender::Http1(idle), true));
    }
    let stream = connect(unit, limits).await?;
    let (sender, connection) = http1::Builder::new()
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.head_fields)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    tokio::spawn(connection.with_upgrades());
    Ok((Sender::Http1(sender), false))
}

async fn h2c_sender(unit: &Unit, reuse: Reuse, limits: &Limits) -> io::Result<(Sender, bool)> {
    let mut shared = unit.shared().lock().await;
    if reuse == Reuse::Allowed
        && let Some(sender) = shared.as_ref().filter(|sender| !sender.is_closed())
    {
        return Ok((Sender::H2c(sender.clone()), true));
    }
    let stream = connect(unit, limits).await?;
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    tokio::spawn(connection);
    *shared = Some(sender.clone());
    Ok((Sender::H2c(sender), false))
}

async fn connect(unit: &Unit, limits: &Limits) -> io::Result<TcpStream> {
    let stream = timeout(limits.connect, TcpStream::connect(unit.upstream().address)).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}
