//! The few looks at files and processes that tests of processes need.

use std::io::{Read, Write};
use std::path::Path;

/// A whole file; `None` if it is not there.
#[expect(clippy::disallowed_methods, reason = "tests look at what the runtime left on disk")]
pub(crate) fn read(path: impl AsRef<Path>) -> Option<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Replaces a file, as a crash at another moment would have left it.
#[expect(clippy::disallowed_methods, reason = "tests put on disk what a crash would leave")]
pub(crate) fn write(path: impl AsRef<Path>, text: &str) {
    let mut file = std::fs::File::create(path).expect("created");
    file.write_all(text.as_bytes()).expect("written");
}

/// The digest of a program.
#[expect(clippy::disallowed_methods, reason = "tests name real programs of this machine")]
pub(crate) fn digest(path: impl AsRef<Path>) -> pilotage_artifact::Digest {
    pilotage_artifact::Digest::of(&std::fs::read(path).expect("a program"))
}

/// Whether this process runs; one that only waits to be reaped does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = read(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map_or("", |(_, rest)| rest.trim_start());
    !state.is_empty() && !state.starts_with('Z')
}

/// Ends a process behind its supervisor's back.
pub(crate) fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).expect("a pid")).expect("a pid");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("running");
}
