//! The files that a person names on the command line.

use std::io::{Read, Write};
use std::path::Path;

use pilotage_rollout::Plan;

use crate::Failure;

/// The largest plan that is read; one of a hundred steps is far smaller.
const LARGEST: u64 = 4 << 20;

/// Reads a plan.
#[expect(clippy::disallowed_methods, reason = "the person names the file")]
pub(crate) fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let failed = |source| Failure::File { path: path.into(), verb: "read", source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    serde_json::from_slice(&bytes).map_err(|source| Failure::NoPlan { path: path.into(), source })
}

/// Writes a file as a whole: a crash leaves the old one or the new one.
#[expect(clippy::disallowed_methods, reason = "the person names the file; it is replaced whole")]
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: path.into(), verb: "written", source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = std::fs::File::create(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}
