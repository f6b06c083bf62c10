//! Journals as files, one a run, in one directory.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;

use super::disk;
use crate::journal::{Head, LONGEST_LINE};
use crate::role::{JournalStore, StoreError, nameable};

/// What the name of a journal ends in.
const SUFFIX: &str = ".jsonl";

/// The largest journal that is read: a day of polling every five seconds is far smaller.
const LARGEST: u64 = 256 << 20;

/// Journals in a directory, as `<run>.jsonl`. The directory is made with the first journal.
#[derive(Debug, Clone)]
pub struct FileJournalStore {
    directory: PathBuf,
}

impl FileJournalStore {
    /// The journals in this directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    fn file(&self, run: &RunId) -> Result<JournalFile, StoreError> {
        let path = self.directory.join(format!("{}{SUFFIX}", nameable(run)?));
        Ok(JournalFile { run: run.clone(), directory: self.directory.clone(), path })
    }
}

#[async_trait]
impl JournalStore for FileJournalStore {
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let file = self.file(run)?;
        let place = self.directory.clone();
        disk::offload(move || file.load()).await.map_err(|error| unavailable(&place, error))?
    }

    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        let (file, expected, line) = (self.file(run)?, *expected, line.to_vec());
        let place = self.directory.clone();
        let work = move || file.append(&expected, &line);
        disk::offload(work).await.map_err(|error| unavailable(&place, error))?
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        let directory = self.directory.clone();
        let listed = disk::offload(move || list(&directory)).await.and_then(|listed| listed);
        listed.map_err(|error| unavailable(&self.directory, error))
    }
}

/// One journal's file.
struct JournalFile {
    run: RunId,
    directory: PathBuf,
    path: PathBuf,
}

impl JournalFile {
    fn load(&self) -> Result<Vec<u8>, StoreError> {
        let file = disk::open_to_read(&self.path).map_err(|error| self.failed(error))?;
        let bytes = file.metadata().map_err(|error| self.failed(error))?.len();
        if bytes > LARGEST {
            return Err(StoreError::TooLarge { run: self.run.clone(), bytes, limit: LARGEST });
        }
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content).map_err(|error| self.failed(error))?;
        Ok(content)
    }

    fn append(&self, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        let mut file = self.open(expected)?;
        self.lock(&file, expected)?;
        let found = compare(&mut file, expected).map_err(|error| self.failed(error))?;
        if let Err(found) = found {
            return Err(self.conflict(expected, found));
        }
        write(&mut file, expected, line).map_err(|error| self.failed(error))?;
        if *expected == Head::EMPTY {
            disk::sync_directory(&self.directory).map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    fn open(&self, expected: &Head) -> Result<File, StoreError> {
        if *expected != Head::EMPTY {
            return disk::open_existing(&self.path).map_err(|error| self.failed(error));
        }
        std::fs::create_dir_all(&self.directory).map_err(|error| self.failed(error))?;
        disk::open_or_create(&self.path).map_err(|error| self.failed(error))
    }

    /// The lock is given up with the file. Whoever holds it for long is adding the very line that
    /// would make this one a conflict.
    fn lock(&self, file: &File, expected: &Head) -> Result<(), StoreError> {
        if disk::lock(file).map_err(|error| self.failed(error))? {
            return Ok(());
        }
        Err(self.conflict(expected, "another process is adding to it".into()))
    }

    fn conflict(&self, expected: &Head, found: String) -> StoreError {
        StoreError::Conflict { run: self.run.clone(), expected: Box::new(*expected), found }
    }

    fn failed(&self, error: io::Error) -> StoreError {
        let (run, place) = (self.run.clone(), self.directory.display().to_string());
        match error.kind() {
            ErrorKind::NotFound => StoreError::NotFound { run, place },
            _ if disk::is_full(&error) => StoreError::Full { run, place, source: error },
            _ => unavailable(&self.directory, error),
        }
    }
}

/// Whether the file ends at the expected head, give or take an unfinished line; if not, what was
/// found instead.
fn compare(file: &mut File, expected: &Head) -> io::Result<Result<(), String>> {
    let length = file.metadata()?.len();
    let Some(rest) = length.checked_sub(expected.bytes()) else {
        return Ok(Err(format!("it has {length} bytes, fewer than it had")));
    };
    let last = read_at(file, expected.bytes() - expected.last_bytes(), expected.last_bytes())?;
    if !expected.is_line(&last) {
        return Ok(Err("its last line is another one".into()));
    }
    let unfinished = read_at(file, expected.bytes(), rest.min(LONGEST_LINE as u64 + 1))?;
    if unfinished.contains(&b'\n') || rest > LONGEST_LINE as u64 {
        return Ok(Err(format!("another process added {rest} bytes")));
    }
    Ok(Ok(()))
}

fn read_at(file: &mut File, offset: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.take(bytes).read_to_end(&mut content)?;
    Ok(content)
}

/// Puts the line in the place of whatever unfinished one there is, durably. If it does not fit,
/// the file is made to end where it ended before.
fn write(file: &mut File, expected: &Head, line: &[u8]) -> io::Result<()> {
    if file.metadata()?.len() > expected.bytes() {
        file.set_len(expected.bytes())?;
    }
    file.seek(SeekFrom::Start(expected.bytes()))?;
    let written = file.write_all(line).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is left of the line otherwise is an unfinished one, which readers tolerate.
        let _best_effort = file.set_len(expected.bytes()).and_then(|()| file.sync_all());
    }
    written
}

fn list(directory: &Path) -> io::Result<Vec<RunId>> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut runs = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let run = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
        runs.extend(run.map(|run| RunId(run.into())).filter(|run| nameable(run).is_ok()));
    }
    runs.sort_unstable();
    Ok(runs)
}

fn unavailable(directory: &Path, error: io::Error) -> StoreError {
    let (place, reason) = (directory.display().to_string(), error.to_string());
    StoreError::Unavailable { place, reason, source: Some(error) }
}
