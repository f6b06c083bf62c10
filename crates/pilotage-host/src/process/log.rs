//! What a unit writes: one file that it appends to itself, kept within bounds from outside.
//!
//! The unit holds the file, not a pipe, so it writes on while its supervisor is away. When the
//! file has grown too large its end is put aside and it is cut to nothing; what the unit writes
//! in the moment between the two is lost.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::os;

/// The size at which a log is cut; at most twice this is kept.
const MOST_BYTES: u64 = 1024 * 1024;

/// The log of one unit.
#[derive(Debug, Clone)]
pub(super) struct Log {
    path: PathBuf,
    before: PathBuf,
}

impl Log {
    pub(super) fn in_directory(directory: &Path) -> Self {
        Self { path: directory.join("output.log"), before: directory.join("output.log.before") }
    }

    /// The file for a unit to write to.
    pub(super) fn writer(&self) -> io::Result<File> {
        os::open_append(&self.path)
    }

    /// Adds a line of the supervisor's own; the unit's lines matter more if that fails.
    pub(super) fn say(&self, line: &str) {
        let _ = self.writer().and_then(|mut file| writeln!(file, "{line}"));
    }

    /// Cuts the log if it has become too large.
    pub(super) fn keep_within_bounds(&self) -> io::Result<()> {
        let file = self.writer()?;
        if file.metadata()?.len() > MOST_BYTES {
            os::write_atomically(&self.before, &os::read_end(&self.path, MOST_BYTES)?)?;
            file.set_len(0)?;
        }
        Ok(())
    }

    /// At most this many bytes from the end, beginning with a whole line.
    pub(super) fn tail(&self, bytes: usize) -> io::Result<String> {
        let most = u64::try_from(bytes).unwrap_or(u64::MAX).min(MOST_BYTES);
        // One byte more tells whether the first line is whole.
        let mut end = read_end_if_any(&self.path, most + 1)?;
        let missing = (most + 1).saturating_sub(end.len() as u64);
        if missing > 0 {
            let mut all = read_end_if_any(&self.before, missing)?;
            all.append(&mut end);
            end = all;
        }
        Ok(String::from_utf8_lossy(whole_lines(&end, most)).into_owned())
    }
}

fn read_end_if_any(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    match os::read_end(path, most) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

fn whole_lines(bytes: &[u8], most: u64) -> &[u8] {
    if bytes.len() as u64 <= most {
        return bytes;
    }
    let after_newline = bytes.iter().position(|byte| *byte == b'\n').map_or(1, |at| at + 1);
    bytes.get(after_newline..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_begins_with_a_whole_line() {
        let directory = tempfile::tempdir().expect("a directory");
        let log = Log::in_directory(directory.path());
        assert_eq!(log.tail(10).expect("no log yet"), "");
        log.writer().expect("opened").write_all(b"one\ntwo\nthree\n").expect("written");
        assert_eq!(log.tail(100).expect("read"), "one\ntwo\nthree\n");
        assert_eq!(log.tail(10).expect("read"), "two\nthree\n");
        assert_eq!(log.tail(9).expect("read"), "three\n");
    }

    #[test]
    fn a_log_is_cut_under_its_writer_and_its_end_is_kept() {
        let directory = tempfile::tempdir().expect("a directory");
        let log = Log::in_directory(directory.path());
        let mut writer = log.writer().expect("opened");
        let line = [b'x'; 1023];
        for _ in 0..1_100 {
            writer.write_all(&line).and_then(|()| writer.write_all(b"\n")).expect("written");
        }
        log.keep_within_bounds().expect("cut");
        writer.write_all(b"after the cut\n").expect("written");
        let length = |path: &Path| os::open(path).and_then(|file| file.metadata()).map(|m| m.len());
        assert_eq!(length(&log.path).expect("a log"), 14, "the writer goes on at the new end");
        assert_eq!(length(&log.before).expect("kept"), MOST_BYTES);
        let tail = log.tail(2_000).expect("read");
        assert!(tail.ends_with("x\nafter the cut\n") && tail.len() > 1_000, "{}", tail.len());
    }
}
