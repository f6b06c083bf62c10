//! A file of variables that only its owner can read.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use pilotage_secrets::Secret;

use crate::exec::injection::Injection;
use crate::failure::{Done, wrong};

/// Makes a file that was not there, for its owner alone; a link in its place is not followed.
#[expect(clippy::disallowed_methods, reason = "this is the one writer of files of this program")]
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a file of secrets helps nobody; what cannot be removed is told by the error.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Variables as shells and most readers of such files understand them alike: in single quotes.
///
/// Those readers disagree on everything that is inside of quotes and not plain, so a value with a
/// quote, a backslash or a line break is refused rather than read as another one.
pub(crate) fn render(injections: &[Injection]) -> Done<Secret> {
    let room = injections.iter().map(|one| one.value.len() + one.variable.as_str().len() + 4);
    let mut text = Vec::with_capacity(room.sum());
    for Injection { variable, value, .. } in injections {
        let plain = |letter: char| !letter.is_control() && !"'\\".contains(letter);
        if !value.expose_text().is_some_and(|value| value.chars().all(plain)) {
            let what = format!(
                "the value of `{variable}` has a quote, a backslash, a control character or a line \
                 break, which readers of such files disagree on"
            );
            return Err(wrong(what).help("use `exec`"));
        }
        for part in [variable.as_str().as_bytes(), b"='", value.expose(), b"'\n"] {
            text.extend_from_slice(part);
        }
    }
    Ok(Secret::new(text))
}
