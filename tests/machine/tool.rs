//! The binaries under test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) const REHEARSE: &str = env!("CARGO_BIN_EXE_rehearse");

/// The `pilotage` binary, which is of another package: it is built once, and is mostly built
/// already.
pub(crate) fn pilotage() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let beside = Path::new(REHEARSE).parent().expect("a directory");
        let release = beside.ends_with("release").then_some("--release");
        #[expect(clippy::disallowed_methods, reason = "the binary under test is built by cargo")]
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "pilotage", "--target-dir"]);
        cargo.arg(beside.parent().expect("a target directory")).args(release);
        assert!(cargo.status().expect("cargo runs").success(), "the binary is built");
        beside.join("pilotage")
    })
}
