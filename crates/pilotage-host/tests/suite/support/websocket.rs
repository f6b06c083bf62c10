//! Just enough of WebSocket to echo and to see how it is closed.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::unit::read_head;

pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const GOING_AWAY: [u8; 2] = 1001_u16.to_be_bytes();

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

/// Opens a WebSocket through the proxy; returns it with the head of the response.
pub(crate) async fn open(address: SocketAddr) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.expect("the proxy listens");
    let request = "GET /ws HTTP/1.1\r\nhost: shop.example\r\nconnection: Upgrade\r\n\
                   upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sent");
    let head = read_head(&mut stream).await;
    (stream, head)
}

/// Reads one short frame; `None` at the end of the connection.
pub(crate) async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> Option<Message> {
    let first = stream.read_u8().await.ok()?;
    let second = stream.read_u8().await.ok()?;
    let mut mask = [0; 4];
    if second & 0x80 != 0 {
        stream.read_exact(&mut mask).await.ok()?;
    }
    let mut payload = vec![0; usize::from(second & 0x7f)];
    stream.read_exact(&mut payload).await.ok()?;
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
    Some(Message { opcode: first & 0x0f, payload })
}

/// Sends one short frame, masked as a client's if there is a mask.
pub(crate) async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    opcode: u8,
    payload: &[u8],
    mask: Option<[u8; 4]>,
) -> std::io::Result<()> {
    let length = u8::try_from(payload.len()).expect("short");
    let mut frame = vec![0x80 | opcode, length | if mask.is_some() { 0x80 } else { 0 }];
    frame.extend(mask.iter().flatten());
    let key = mask.unwrap_or_default();
    frame.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    stream.write_all(&frame).await
}

/// What a unit does with a WebSocket: echoes, and answers a close with a close.
pub(crate) async fn echo(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    while let Some(message) = receive(&mut stream).await {
        if send(&mut stream, message.opcode, &message.payload, None).await.is_err()
            || message.opcode == CLOSE
        {
            return;
        }
    }
}
