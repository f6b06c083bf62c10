//! A `WebSocket` that lives until the service ends it.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Interval, interval};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError::SendAfterClosing;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Errand;
use super::line::tcp;
use crate::answer::release_of;
use crate::{Answer, Loss, Outcome, REQUEST_HEADER, RequestId, Stopping};

/// Opens a `WebSocket` at `/socket`, has what it says echoed, and lives until the service closes
/// it with "going away", or the load ends.
#[derive(Debug)]
pub struct Socket {
    address: SocketAddr,
    beat: Duration,
}

impl Socket {
    /// To this address, with this much time between two messages.
    pub const fn new(address: SocketAddr, beat: Duration) -> Self {
        Self { address, beat }
    }
}

impl Errand for Socket {
    async fn run(&mut self, request: RequestId, stopping: &mut Stopping) -> Outcome {
        let (socket, release) = open(self.address, request).await?;
        let talk = Talk { socket, beats: interval(self.beat), said: 0, heard: 0, left: false };
        match talk.until_closed(stopping).await? {
            Ended::Properly => Ok(Answer { status: 101, release }),
            Ended::Otherwise(how) => Err(Loss::CutOff { release, how }),
        }
    }
}

async fn open(
    address: SocketAddr,
    request: RequestId,
) -> Result<(WebSocketStream<TcpStream>, String), Loss> {
    let mut asked = format!("ws://{address}/socket").into_client_request().map_err(broken)?;
    asked.headers_mut().insert(REQUEST_HEADER, request.0.into());
    let stream = tcp(address).await?;
    let (socket, response) = client_async(asked, stream).await.map_err(broken)?;
    Ok((socket, release_of(response.headers())))
}

fn broken(error: Error) -> Loss {
    Loss::Socket(Box::new(error))
}

enum Ended {
    Properly,
    Otherwise(String),
}

/// An open socket, with how much was said on it and echoed.
struct Talk {
    socket: WebSocketStream<TcpStream>,
    beats: Interval,
    said: u64,
    heard: u64,
    /// Whether this end has asked for the end.
    left: bool,
}

impl Talk {
    async fn until_closed(mut self, stopping: &mut Stopping) -> Result<Ended, Loss> {
        loop {
            tokio::select! {
                () = stopping.begins(), if !self.left => self.leave().await?,
                _ = self.beats.tick(), if !self.left => self.speak().await?,
                message = self.socket.next() => match message {
                    Some(Ok(message)) => match self.hear(message) {
                        None => {}
                        Some(Ended::Properly) => return self.end().await,
                        Some(ended) => return Ok(ended),
                    },
                    Some(Err(error)) => return Err(broken(error)),
                    None => return Ok(Ended::Otherwise("it ended without a word".into())),
                },
            }
        }
    }

    async fn leave(&mut self) -> Result<(), Loss> {
        self.left = true;
        self.socket.close(None).await.map_err(broken)
    }

    async fn speak(&mut self) -> Result<(), Loss> {
        let words = Message::text(self.said.to_string());
        self.said += 1;
        match self.socket.send(words).await {
            // The close is on its way in, and is read next.
            Ok(()) | Err(Error::ConnectionClosed | Error::Protocol(SendAfterClosing)) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// Whether this message ends the talk, and how.
    fn hear(&mut self, message: Message) -> Option<Ended> {
        match message {
            Message::Close(_) if self.left => Some(Ended::Properly),
            Message::Close(Some(CloseFrame { code: CloseCode::Away, .. })) => Some(Ended::Properly),
            Message::Close(other) => Some(Ended::Otherwise(format!("closed with {other:?}"))),
            Message::Text(echo) if echo.as_str() == self.heard.to_string() => {
                self.heard += 1;
                None
            }
            other => Some(Ended::Otherwise(format!("{other:?} for echo {}", self.heard))),
        }
    }

    /// Answers the close, and waits for the end of the connection.
    async fn end(mut self) -> Result<Ended, Loss> {
        while let Some(message) = self.socket.next().await {
            match message {
                Ok(_) => {}
                Err(Error::ConnectionClosed) => break,
                Err(error) => return Err(broken(error)),
            }
        }
        Ok(Ended::Properly)
    }
}
