//! The few files that are given by name.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use pilotage_config::Document;
use pilotage_rollout::ExitCode;
use serde::de::DeserializeOwned;

use crate::error::{Done, wrong};
use pilotage_cli::PlatformError;

/// Reads a file, if it is no larger than such a file can be.
pub(crate) fn read(path: &Path, limit: usize) -> Done<Vec<u8>> {
    let failed = |error| wrong(format!("the file {} cannot be read", path.display()), error);
    let mut bytes = Vec::new();
    let file = open(path).map_err(failed)?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit {
        let what = format!("the file {} has more than {limit} bytes", path.display());
        return Err(PlatformError::new(ExitCode::Usage, what).help("is it the right file?"));
    }
    Ok(bytes)
}

/// Reads a file, or nothing if there is none.
pub(crate) fn read_if_there(path: &Path, limit: usize) -> Done<Option<Vec<u8>>> {
    if path.exists() { read(path, limit).map(Some) } else { Ok(None) }
}

#[expect(clippy::disallowed_methods, reason = "this is where the command reads what it was given")]
fn open(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// Reads a file of settings.
pub(crate) fn settings<T: DeserializeOwned>(path: &Path) -> Done<T> {
    let settings = Document::load(path).and_then(|document| document.decode());
    settings.map_err(|error| {
        let help = error.help().map(ToOwned::to_owned);
        let wrong = wrong(format!("the file {} cannot be used", path.display()), error);
        help.into_iter().fold(wrong, PlatformError::help)
    })
}

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Done<()> {
    let failed = |error| wrong(format!("the file {} cannot be written", path.display()), error);
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut file =
        tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}
