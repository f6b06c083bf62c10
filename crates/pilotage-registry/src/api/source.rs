//! Where the bytes of an upload come from: they may be needed twice, and never all at once.

use core::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

use super::{Blob, Reader, Remote};
use crate::Error;

/// Something that can be read from its beginning, as often as an upload has to begin anew.
///
/// # Contract
///
/// - **`open`** gives all the bytes each time, in pieces of moderate size.
/// - **Cancellation.** Dropping what was opened stops the reading.
#[async_trait]
pub trait Source: Debug + Send + Sync {
    /// Begins to read.
    async fn open(&self, blob: Blob) -> Result<Box<dyn Chunks>, Error>;
}

/// Bytes in pieces.
#[async_trait]
pub trait Chunks: Debug + Send {
    /// The next piece, or nothing at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Error>;
}

/// What is in memory.
#[async_trait]
impl Source for Bytes {
    async fn open(&self, _: Blob) -> Result<Box<dyn Chunks>, Error> {
        Ok(Box::new(Once(Some(self.clone()))))
    }
}

#[derive(Debug)]
struct Once(Option<Bytes>);

#[async_trait]
impl Chunks for Once {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(self.0.take())
    }
}

/// What is in another repository: verified while it passes through.
#[async_trait]
impl Source for Remote {
    async fn open(&self, blob: Blob) -> Result<Box<dyn Chunks>, Error> {
        Ok(Box::new(self.blob(blob)))
    }
}

#[async_trait]
impl Chunks for Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        Self::next(self).await
    }
}
