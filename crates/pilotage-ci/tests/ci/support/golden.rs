//! The journals that the driver keeps as those of this version.

use std::path::Path;

use pilotage_driver::journal::decode;
use pilotage_rollout::journal::Record;

/// Their names.
pub(crate) const NAMES: [&str; 5] = [
    "dangling-order",
    "deployed-after-unknown",
    "deployed-blue-green",
    "interrupted-canary",
    "reverted-canary",
];

#[expect(clippy::disallowed_methods, reason = "golden files are read")]
pub(crate) fn golden(name: &str) -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pilotage-driver/tests/golden");
    let bytes = std::fs::read(folder.join(format!("{name}.jsonl"))).expect("it is checked in");
    decode(&bytes).expect("it is sound").records
}
