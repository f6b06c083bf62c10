//! A text that is looked at, and which of its lines count.

use pilotage_artifact::CommitId;

/// A text from somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path, as it is shown.
    pub path: String,
    /// The commit that it is of; nothing for a file.
    pub commit: Option<CommitId>,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The lines that count, from one, in order; all, if there is no list.
    pub lines: Option<Vec<usize>>,
}

impl Source {
    /// A file, of which every line counts.
    pub fn file(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), commit: None, bytes: bytes.into(), lines: None }
    }

    /// Whether a line counts.
    pub(crate) fn counts(&self, line: usize) -> bool {
        self.lines.as_ref().is_none_or(|lines| lines.binary_search(&line).is_ok())
    }
}
