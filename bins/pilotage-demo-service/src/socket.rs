//! A `WebSocket` that says back what it hears.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Agrees to become a `WebSocket`, if that is what is asked for.
pub(crate) fn accept(
    mut request: Request<Incoming>,
    stopping: watch::Receiver<()>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let key = request.headers().get(SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let Some(accept) = key.and_then(|key| HeaderValue::try_from(key).ok()) else {
        *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
        response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
        return response;
    };
    tokio::spawn(echo(hyper::upgrade::on(&mut request), stopping));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    response.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, accept);
    response
}

/// Echoes until either end closes; the service goes on for as long as the socket is open.
async fn echo(upgrade: OnUpgrade, mut stopping: watch::Receiver<()>) {
    let Ok(upgraded) = upgrade.await else { return };
    let mut socket = Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    loop {
        let heard = tokio::select! {
            heard = socket.next() => heard,
            _ = stopping.changed() => break,
        };
        let Some(Ok(message)) = heard else { return };
        let is_speech = message.is_text() || message.is_binary();
        if is_speech && socket.send(message).await.is_err() {
            return;
        }
    }
    // A client that is gone need not be told.
    let leaving = CloseFrame { code: CloseCode::Away, reason: "the service ends".into() };
    let _ = socket.close(Some(leaving)).await;
    while let Some(Ok(_)) = socket.next().await {}
}
