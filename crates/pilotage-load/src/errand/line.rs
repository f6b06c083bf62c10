//! One connection that is kept alive between requests.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Loss, Outcome};

/// Longer than any answer that is asked for here; reached only where one was lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection that is kept alive between requests, and made again once it is closed.
#[derive(Debug)]
pub(super) struct Line<B> {
    address: SocketAddr,
    kept: Option<SendRequest<B>>,
}

impl<B> Line<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: core::error::Error + Send + Sync,
{
    pub(super) const fn to(address: SocketAddr) -> Self {
        Self { address, kept: None }
    }

    /// Sends one request; what is answered is read by `read`. A connection on which anything went
    /// wrong is not used again.
    pub(super) async fn ask<F: Future<Output = Outcome> + Send>(
        &mut self,
        request: Request<B>,
        read: impl FnOnce(Response<Incoming>) -> F + Send,
    ) -> Outcome {
        let late = Loss::TooLate { seconds: PATIENCE.as_secs() };
        match timeout(PATIENCE, self.exchange(request, read)).await.unwrap_or(Err(late)) {
            Ok(answer) => Ok(answer),
            Err(loss) => {
                self.kept = None;
                Err(loss)
            }
        }
    }

    async fn exchange<F: Future<Output = Outcome> + Send>(
        &mut self,
        request: Request<B>,
        read: impl FnOnce(Response<Incoming>) -> F + Send,
    ) -> Outcome {
        let response = self.sender().await?.send_request(request).await.map_err(Loss::Broken)?;
        read(response).await
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<B>, Loss> {
        match self.kept.take().filter(SendRequest::is_ready) {
            Some(sender) => Ok(self.kept.insert(sender)),
            None => Ok(self.kept.insert(connect(self.address).await?)),
        }
    }
}

async fn connect<B>(address: SocketAddr) -> Result<SendRequest<B>, Loss>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: core::error::Error + Send + Sync,
{
    let stream = tcp(address).await?;
    let (sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(Loss::Broken)?;
    tokio::spawn(connection);
    Ok(sender)
}

pub(super) async fn tcp(address: SocketAddr) -> Result<TcpStream, Loss> {
    let stream = TcpStream::connect(address).await.map_err(Loss::Connect)?;
    stream.set_nodelay(true).map_err(Loss::Connect)?;
    Ok(stream)
}
