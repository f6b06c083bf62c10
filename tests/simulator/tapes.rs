//! Tapes that once broke a promise, kept so that they never do so again.

use std::path::{Path, PathBuf};

use pilotage_testkit::sim::{Choices, Tape, trial};

/// The tapes are files of this test; each line that is no comment is one.
fn tapes() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("simulator/tapes");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|path| lines(&path)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the tapes are files beside this test")]
fn lines(path: &Path) -> Vec<(PathBuf, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let tapes = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    tapes.map(|line| (path.to_path_buf(), line.to_owned())).collect()
}

#[test]
fn what_once_failed_does_not_fail_again() {
    let tapes = tapes();
    assert!(tapes.len() >= 8, "only {} tapes were found", tapes.len());
    for (path, line) in tapes {
        let tape: Tape = line.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (ended, ..) = trial(&tape.scenario, Choices::tape(&tape.deviations), None, None);
        assert!(ended.is_ok(), "{}: {:?}", path.display(), ended.unwrap_err().violation);
    }
}
