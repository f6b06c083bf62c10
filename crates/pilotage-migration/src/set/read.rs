//! The content of a file, as far as it is read at all.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::SetError;

/// The largest file that is read, in bytes. What is larger is data, and is refused unread.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// The content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// It is larger than [`LARGEST_FILE`], and was not read.
    TooLarge,
}

/// Reads a file.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads migrations")]
pub fn read(path: &Path) -> Result<Content, SetError> {
    let unreadable = |source| SetError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > LARGEST_FILE {
        return Ok(Content::TooLarge);
    }
    // The size of a pipe is not known beforehand, and a file may grow meanwhile.
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_FILE);
    Ok(if fits { Content::Whole(bytes) } else { Content::TooLarge })
}
