//! One stream of bytes on its way out.
//!
//! What is held back is always the beginning of a form, from its first byte. Whoever cannot wait
//! for the rest (a prompt without a newline, a pause) calls [`Stream::flush`]; the stream goes on to
//! know what it has held, so that a secret that comes in two halves is still one.

use core::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::index::{Index, Next};
use crate::label::Label;

/// From this many bytes on, the beginning of a secret tells something about it.
const TELLING: usize = 4;

/// A stream and what it holds back.
pub struct Stream {
    index: Arc<Index>,
    held: Zeroizing<Vec<u8>>,
    told: Told,
}

/// How much of what is held was passed on already, at a flush.
#[derive(Clone, Copy, Default)]
struct Told {
    bytes: usize,
    as_mask: bool,
}

impl Stream {
    pub(crate) fn new(index: Arc<Index>) -> Self {
        Self { index, held: Zeroizing::default(), told: Told::default() }
    }

    /// Takes bytes, and adds to `out` what can be passed on.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.held.is_empty() {
            let kept = self.pass(bytes, out);
            self.held.extend_from_slice(bytes.get(kept..).unwrap_or_default());
            return;
        }
        let mut held = core::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let kept = self.pass(&held, out);
        held.drain(..kept);
        self.held = held;
        self.told = self.told.without(kept);
    }

    /// Passes on what is held back: a short beginning as it is, a longer one as a mask.
    pub fn flush(&mut self, out: &mut Vec<u8>) {
        let news = self.held.get(self.told.bytes..).unwrap_or_default();
        if news.is_empty() {
            return;
        }
        match self.index.begun(&self.held) {
            Some(label) if self.held.len() >= TELLING => {
                if !self.told.as_mask {
                    out.extend_from_slice(label.as_bytes());
                }
                self.told.as_mask = true;
            }
            _ => out.extend_from_slice(news),
        }
        self.told.bytes = self.held.len();
    }

    /// The end of the stream: what is held back will not go on.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.flush(out);
        self.held = Zeroizing::default();
        self.told = Told::default();
    }

    /// How many bytes are held back.
    pub fn held_back(&self) -> usize {
        self.held.len() - self.told.bytes
    }

    /// Passes on what is decided, and says from where on it is not.
    fn pass(&self, text: &[u8], out: &mut Vec<u8>) -> usize {
        let mut at = 0;
        loop {
            match self.index.next(text, at) {
                Next::Found { range: (start, end), label } => {
                    self.plain(text, (at, start), out);
                    self.mask(start, label, out);
                    at = end;
                }
                Next::Begun { start } => {
                    self.plain(text, (at, start), out);
                    return start;
                }
                Next::Nothing => {
                    self.plain(text, (at, text.len()), out);
                    return text.len();
                }
            }
        }
    }

    /// Adds what was not passed on before.
    fn plain(&self, text: &[u8], (start, end): (usize, usize), out: &mut Vec<u8>) {
        let start = start.max(self.told.bytes);
        out.extend_from_slice(text.get(start..end).unwrap_or_default());
    }

    /// Adds the mask, unless it stands there already.
    fn mask(&self, start: usize, label: &Label, out: &mut Vec<u8>) {
        if !(self.told.as_mask && start < self.told.bytes) {
            out.extend_from_slice(label.as_bytes());
        }
    }
}

impl Told {
    /// The same after this many bytes have left.
    fn without(self, gone: usize) -> Self {
        match self.bytes.saturating_sub(gone) {
            0 => Self::default(),
            bytes => Self { bytes, ..self },
        }
    }
}

impl Debug for Stream {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("held_back", &self.held_back()).finish_non_exhaustive()
    }
}
