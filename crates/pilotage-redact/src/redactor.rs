//! What masks a set of secrets, shared by every sink of a process.

use core::fmt::{self, Debug, Formatter};
use std::borrow::Cow;
use std::sync::Arc;

use crate::index::Index;
use crate::stream::Stream;

/// Masks secrets; cheap to clone. The default one knows none.
#[derive(Clone)]
pub struct Redactor {
    index: Arc<Index>,
}

impl Redactor {
    pub(crate) fn new(index: Index) -> Self {
        Self { index: Arc::new(index) }
    }

    /// A new stream, with a state of its own.
    pub fn stream(&self) -> Stream {
        Stream::new(self.index.clone())
    }

    /// A text that is whole; a longer beginning of a secret at its end is masked as well, because
    /// the text may have been cut there.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let bytes = self.bytes(text.as_bytes());
        if bytes == text.as_bytes() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The same for bytes.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut stream = self.stream();
        stream.push(bytes, &mut out);
        stream.finish(&mut out);
        out
    }

    /// Whether there is nothing to mask.
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new(Index::new(Vec::new()))
    }
}

impl Debug for Redactor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("forms", &self.index.len()).finish_non_exhaustive()
    }
}
