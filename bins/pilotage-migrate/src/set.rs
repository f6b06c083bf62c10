//! The set of migrations: the files as they are now, and what they are called together.

use pilotage_artifact::Digest;
use pilotage_migration::lint::{Options, Report, lint_entries};
use pilotage_migration::saga::ledger::Entry as Line;
use pilotage_migration::saga::plan::plan;
use pilotage_migration::saga::script::Script;
use pilotage_migration::set::{Content, Entry, SetDigest, SetError, discover, read};

use crate::failure::Failure;
use crate::settings::Settings;

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
        let entries = match settings.files.as_slice() {
            [] if settings.command.is_empty() => return Err(Failure::Nothing),
            [] => Vec::new(),
            files => discover(files)?,
        };
        if settings.command.is_empty() {
            return Self::of_files(settings, entries);
        }
        let mut digest = SetDigest::default();
        for word in &settings.command {
            digest.add("word", &Digest::of(word.as_encoded_bytes()));
        }
        for entry in &entries {
            digest.add(&entry.path.display().to_string(), &content(entry)?);
        }
        Ok(Self { digest: digest.finish(), scripts: Vec::new(), entries })
    }

    fn of_files(settings: &Settings, entries: Vec<Entry>) -> Result<Self, Failure> {
        let server = settings.server.ok_or(Failure::NoServer)?;
        let options = Options { server, applied_together: true, running: None };
        let scripts = plan(&entries, options)?.scripts;
        let mut digest = SetDigest::default();
        scripts.iter().for_each(|script| digest.add(&script.name.0, &script.checksum));
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

fn content(entry: &Entry) -> Result<Digest, SetError> {
    Ok(match read(&entry.path)? {
        Content::Whole(bytes) => Digest::of(&bytes),
        // Its size stands for it: the lint refuses it, and a command may do with it what it likes.
        Content::TooLarge => Digest::of(b"too large to be read"),
    })
}
