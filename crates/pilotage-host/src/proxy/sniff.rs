//! HTTP/1.1 or HTTP/2 with prior knowledge? The first bytes of a connection tell.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

/// What every HTTP/2 connection begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const FIRST_READ_BYTES: usize = 4 * 1024;

/// What a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Http1,
    Http2,
}

/// Reads until the version is certain; the bytes read come first in the returned stream.
pub(super) async fn sniff<T: AsyncRead + Unpin>(mut io: T) -> io::Result<(Version, Sniffed<T>)> {
    let mut first = BytesMut::with_capacity(FIRST_READ_BYTES);
    let version = loop {
        if let Some(version) = version_of(&first) {
            break version;
        }
        if io.read_buf(&mut first).await? == 0 {
            break Version::Http1;
        }
    };
    Ok((version, Sniffed { first, io }))
}

fn version_of(first: &[u8]) -> Option<Version> {
    if first.starts_with(PREFACE) {
        Some(Version::Http2)
    } else if PREFACE.starts_with(first) {
        None
    } else {
        Some(Version::Http1)
    }
}

/// A stream whose first bytes have been read already.
#[derive(Debug)]
pub(super) struct Sniffed<T> {
    first: BytesMut,
    io: T,
}

impl<T: AsyncRead + Unpin> AsyncRead for Sniffed<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.io).poll_read(context, buffer);
        }
        let length = self.first.len().min(buffer.remaining());
        buffer.put_slice(self.first.get(..length).unwrap_or_default());
        self.first.advance(length);
        if self.first.is_empty() {
            self.first = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Sniffed<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sniffed(pieces: &[&'static [u8]]) -> (Version, Vec<u8>) {
        let (mut client, server) = tokio::io::duplex(64);
        let pieces = pieces.to_vec();
        let sending = async move {
            for piece in pieces {
                tokio::io::AsyncWriteExt::write_all(&mut client, piece).await.expect("sent");
                tokio::task::yield_now().await;
            }
        };
        let receiving = async {
            let (version, mut io) = sniff(server).await.expect("sniffed");
            let mut all = Vec::new();
            io.read_to_end(&mut all).await.expect("read");
            (version, all)
        };
        tokio::join!(sending, receiving).1
    }

    #[tokio::test]
    async fn tells_the_versions_apart_and_loses_no_byte() {
        let post = sniffed(&[b"P", b"OST / HTTP/1.1\r\n\r\n"]).await;
        assert_eq!(post, (Version::Http1, b"POST / HTTP/1.1\r\n\r\n".to_vec()));
        let h2c = sniffed(&[b"PRI * HTTP/2.0\r\n", b"\r\nSM\r\n\r\nrest"]).await;
        assert_eq!(h2c, (Version::Http2, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrest".to_vec()));
        assert_eq!(sniffed(&[]).await, (Version::Http1, Vec::new()));
    }
}
