//! Real systems that a test can use if they are there, and says so if they are not.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The file that collects what was not run, one line each: test, system, reason.
const SKIPPED: &str = "PILOTAGE_SKIPPED";

/// The place of a real system that the environment names; a test without it is reported by name
/// as not run, never silently skipped.
#[expect(clippy::disallowed_methods, reason = "tests find their systems through the environment")]
pub fn require(system: &str, variable: &str) -> Option<PathBuf> {
    let reason = match std::env::var_os(variable).map(PathBuf::from) {
        Some(place) if place.exists() => return Some(place),
        Some(place) => format!("{variable} names {}, which is not there", place.display()),
        None => format!("{variable} is not set"),
    };
    not_run(system, &reason);
    None
}

/// Reports the test of this thread as not run, because a system cannot be had.
#[expect(clippy::disallowed_methods, reason = "tests find their systems through the environment")]
pub fn not_run(system: &str, reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("unnamed");
    report(test, system, reason, std::env::var_os(SKIPPED).as_deref().map(Path::new));
}

#[expect(clippy::print_stderr, reason = "this is how a test says that it was not run")]
fn report(test: &str, system: &str, reason: &str, file: Option<&Path>) {
    eprintln!("not run: {test}: {system}: {reason}");
    let Some(file) = file else { return };
    if let Err(error) = append(file, &format!("{test}\t{system}\t{reason}\n")) {
        eprintln!("and {} cannot be written: {error}", file.display());
    }
}

/// One write of one short line, so that tests that end at once do not mix theirs.
#[expect(clippy::disallowed_methods, reason = "the list of skipped tests is a plain file")]
fn append(file: &Path, line: &str) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).open(file)?.write_all(line.as_bytes())
}
