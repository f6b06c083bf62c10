//! A writer that masks what goes through it.

use core::fmt::{self, Debug, Formatter};
use std::io::{self, Write};

use crate::redactor::Redactor;
use crate::stream::Stream;

/// A writer that masks secrets before they reach the inner one.
///
/// `flush` flushes what was decided; a beginning that is still held back stays so, because writers
/// are flushed in the middle of lines. [`Masked::release`] passes it on, and so does dropping.
pub struct Masked<W: Write> {
    inner: W,
    stream: Stream,
    ready: Vec<u8>,
}

impl<W: Write> Masked<W> {
    /// A writer in front of this one.
    pub fn new(inner: W, redactor: &Redactor) -> Self {
        Self { inner, stream: redactor.stream(), ready: Vec::new() }
    }

    /// Passes on what is held back, masked where it tells something; see [`Stream::flush`].
    pub fn release(&mut self) -> io::Result<()> {
        self.stream.flush(&mut self.ready);
        self.send()?;
        self.inner.flush()
    }

    fn send(&mut self) -> io::Result<()> {
        let sent = self.inner.write_all(&self.ready);
        // What failed is not written a second time behind what did arrive of it.
        self.ready.clear();
        sent
    }
}

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.push(bytes, &mut self.ready);
        self.send().map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Drop for Masked<W> {
    fn drop(&mut self) {
        // Nobody is left to hear of a failure.
        let _unheard = self.release();
    }
}

impl<W: Write> Debug for Masked<W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked").field("stream", &self.stream).finish_non_exhaustive()
    }
}
