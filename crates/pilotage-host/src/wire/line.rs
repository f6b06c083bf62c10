//! Lines of JSON: read and written whole, never longer than the limit.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::LONGEST_LINE;

/// The bytes of the next line; `None` at the end.
pub(crate) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    from.take(most).read_until(b'\n', &mut line).await?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) if line.len() + 1 >= LONGEST_LINE => {
            let reason = format!("a line is longer than {LONGEST_LINE} bytes");
            Err(io::Error::new(io::ErrorKind::InvalidData, reason))
        }
        Some(_) => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The next line as a value.
pub(crate) async fn read_value<T: DeserializeOwned>(
    from: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<T> {
    let line = read(from).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    serde_json::from_slice(&line).map_err(io::Error::from)
}

/// Writes a value as one line.
pub(crate) async fn write(
    to: &mut (impl AsyncWrite + Unpin),
    value: &impl Serialize,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    to.flush().await
}
