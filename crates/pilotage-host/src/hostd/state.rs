//! The state file: the ledger on disk, replaced whole and never repaired by guesswork.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::os;

use super::error::HostdError;
use super::ledger::{Ledger, SCHEMA};

/// Read before the rest, whose meaning depends on it.
#[derive(Deserialize)]
struct Version {
    schema: u32,
}

/// The ledger, if there is one.
pub(super) fn load(path: &Path) -> Result<Option<Ledger>, HostdError> {
    let text = path.display().to_string();
    let bytes = match os::read_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(HostdError::File { action: "read", path: text, source }),
        Ok(bytes) => bytes,
    };
    let damaged = |source| HostdError::DamagedState { path: text.clone(), source };
    let Version { schema: found } = serde_json::from_slice(&bytes).map_err(damaged)?;
    if found > SCHEMA {
        return Err(HostdError::NewerState { path: text, found, known: SCHEMA });
    }
    serde_json::from_slice(&bytes).map(Some).map_err(damaged)
}

/// Replaces the ledger on disk, off the threads that carry requests.
pub(super) async fn save(path: &Path, ledger: &Ledger) -> io::Result<()> {
    let bytes = serde_json::to_vec(ledger)?;
    let path = path.to_owned();
    let write = tokio::task::spawn_blocking(move || os::write_atomically(&path, &bytes));
    write.await.map_err(io::Error::other)?
}
