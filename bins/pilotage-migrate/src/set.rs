//! The set of migrations: the files as they are now, and what they are called together.

use std::path::{Path, PathBuf};

use pilotage_artifact::Digest;
use pilotage_migration::lint::{Options, Report, lint_entries};
use pilotage_migration::saga::ledger::Entry as Line;
use pilotage_migration::saga::plan::plan;
use pilotage_migration::saga::script::Script;
use pilotage_migration::set::{Content, Entry, MOST_FILES, SetDigest, SetError, discover, read};

use crate::failure::Failure;
use crate::settings::Settings;

/// How deep folders may lie in each other.
const DEEPEST: usize = 8;

/// A set of migrations.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    /// By what it is known.
    pub(crate) digest: Digest,
    /// What is run here; nothing if a command does it.
    pub(crate) scripts: Vec<Script>,
    entries: Vec<Entry>,
}

impl Set {
    /// Reads the files.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Failure> {
        if settings.command.is_empty() {
            return Self::of_files(settings);
        }
        let mut digest = SetDigest::default();
        for word in &settings.command {
            digest.add("word", &Digest::of(word.as_encoded_bytes()));
        }
        let inputs = inputs(&settings.files)?;
        for path in &inputs {
            let name = path.strip_prefix(&settings.folder).unwrap_or(path);
            digest.add(&name.display().to_string(), &content(path)?);
        }
        let is_sql = |path: &PathBuf| path.extension().is_some_and(|end| end == "sql");
        let files: Vec<PathBuf> = inputs.into_iter().filter(is_sql).collect();
        Ok(Self { digest: digest.finish(), scripts: Vec::new(), entries: discover(&files)? })
    }

    fn of_files(settings: &Settings) -> Result<Self, Failure> {
        if settings.files.is_empty() {
            return Err(Failure::Nothing);
        }
        let server = settings.server.ok_or(Failure::NoServer)?;
        let entries = discover(&settings.files)?;
        let options = Options { server, applied_together: true, running: None };
        let scripts = plan(&entries, options)?.scripts;
        let mut digest = SetDigest::default();
        for script in &scripts {
            digest.add(&script.name.0, &script.checksum);
        }
        Ok(Self { digest: digest.finish(), scripts, entries })
    }

    /// Lints what is not applied yet.
    pub(crate) fn lint(&self, options: Options, ledger: &[Line]) -> Result<Report, SetError> {
        let is_done = |name: &str| ledger.iter().any(|it| it.script.0 == name && it.is_done());
        let applied = self.scripts.iter().take_while(|script| is_done(&script.name.0)).count();
        lint_entries(self.entries.get(applied..).unwrap_or_default(), options)
    }

    /// Whether there are files to lint.
    pub(crate) fn has_files(&self) -> bool {
        !self.entries.is_empty()
    }
}

/// All files that a command is said to read, of whatever kind.
fn inputs(paths: &[PathBuf]) -> Result<Vec<PathBuf>, SetError> {
    let mut found = Vec::new();
    for path in paths {
        gather(path, DEEPEST, &mut found)?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn gather(path: &Path, deepest: usize, found: &mut Vec<PathBuf>) -> Result<(), SetError> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let unreadable = |source| SetError::Unreadable { path: path.to_owned(), source };
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?.path();
        if deepest > 0 {
            gather(&entry, deepest - 1, found)?;
        }
        if found.len() > MOST_FILES {
            return Err(SetError::TooMany { path: path.to_owned(), most: MOST_FILES });
        }
    }
    Ok(())
}

fn content(path: &Path) -> Result<Digest, SetError> {
    Ok(match read(path)? {
        Content::Whole(bytes) => Digest::of(&bytes),
        // Its size stands for it: the lint refuses it, and a command may do with it what it likes.
        Content::TooLarge => Digest::of(b"too large to be read"),
    })
}
