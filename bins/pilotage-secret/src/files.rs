//! The files that a person names on the command line.

use std::io::Read as _;
use std::path::Path;

use crate::failure::{Done, failed, wrong};

/// The largest file that is read.
const LARGEST: u64 = 16 << 20;

/// Reads a text.
#[expect(clippy::disallowed_methods, reason = "the person names the file")]
pub(crate) fn read(path: &Path) -> Done<String> {
    let what = || format!("the file {} cannot be read", path.display());
    let file = std::fs::File::open(path).map_err(|error| failed(what(), error))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| failed(what(), error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(format!("{}, for it is too large", what())));
    }
    String::from_utf8(bytes).map_err(|_| wrong(format!("{}, for it is not text", what())))
}
