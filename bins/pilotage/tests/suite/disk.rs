//! The disk is full: nothing begins without its journal, and what had begun goes on later.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};

use pilotage_testkit::real;
use tempfile::TempDir;

use crate::place::Place;

/// A place whose service directory is on a disk of its own; only programs are kept elsewhere.
struct Cramped {
    place: Place,
    disk: TempDir,
    _artifacts: TempDir,
}

impl Cramped {
    fn new(disk: &Path) -> Self {
        let disk = tempfile::tempdir_in(disk).expect("there is room for a directory");
        let (place, artifacts) = (Place::new(), tempfile::tempdir().expect("a directory"));
        let service = disk.path().join("service");
        std::fs::DirBuilder::new().mode(0o700).create(&service).expect("made");
        symlink(artifacts.path(), service.join("artifacts")).expect("linked");
        symlink(&service, place.path().join("service")).expect("linked");
        place.replace(r#""service""#, &format!("{:?}", service.display().to_string()));
        Self { place, disk, _artifacts: artifacts }
    }

    /// Fills the disk but for so much.
    #[expect(clippy::disallowed_methods, reason = "a test fills a disk")]
    fn fill(&self, left: u64) -> PathBuf {
        let path = self.disk.path().join("filler");
        let mut file = File::create(&path).expect("made");
        while file.write_all(&[0; 4 << 10]).is_ok() {}
        let size = file.metadata().expect("it exists").len();
        let file = OpenOptions::new().write(true).open(&path).expect("it exists");
        file.set_len(size.saturating_sub(left)).expect("shortened");
        path
    }
}

#[expect(clippy::disallowed_methods, reason = "a test plays the person who frees the disk")]
fn free(filler: &Path) {
    std::fs::remove_file(filler).expect("it exists");
}

/// One test, for there is one disk.
#[test]
fn a_full_disk_loses_nothing() {
    let Some(disk) = real::require("small-disk", "PILOTAGE_TEST_SMALL_DISK") else { return };
    nothing_begins_and_the_old_version_serves(&Cramped::new(&disk));
    what_had_begun_is_unknown_and_goes_on_later(&Cramped::new(&disk));
}

fn nothing_begins_and_the_old_version_serves(cramped: &Cramped) {
    cramped.place.expect("deploy --release v1", 0);
    let filler = cramped.fill(0);
    let left = cramped.place.expect("deploy --release v2", 6);
    assert!(left.err.contains("No space left on device"), "{left:?}");
    assert!(cramped.place.expect("verify", 0).out.contains("exactly `v1`"));
    free(&filler);
    cramped.place.expect("deploy --release v2", 0);
}

fn what_had_begun_is_unknown_and_goes_on_later(cramped: &Cramped) {
    cramped.place.expect("deploy --release v1", 0);
    let filler = cramped.fill(8 << 10);
    let left = cramped.place.run("deploy --release v2");
    // Which of the two depends on whether an order was on its way when the room ended.
    assert!(matches!(left.code, Some(4 | 130)), "{left:?}");
    for word in ["no space is left in", "free some space", "go on with `resume"] {
        assert!(left.err.contains(word), "{left:?}");
    }
    free(&filler);
    cramped.place.expect("resume", 0);
    assert!(cramped.place.expect("verify", 0).out.contains("exactly `v2`"));
}
