//! From files to what is run: each is read once, so that what was linted is what runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pilotage_artifact::Digest;

use crate::lint::{Linter, Options, Report};
use crate::server::Server;
use crate::set::{Content, Entry, LARGEST_FILE, Order, SetError, decode, is_repeated, read};

use super::cut;
use super::script::{Script, ScriptName};

/// The most bytes of all files of a plan; more than that is data.
pub const LARGEST_PLAN: usize = 256 * 1024 * 1024;

/// A set of files, as it was read once: what is known of it, and what is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the lint found; whether it stops the release is the caller's to say.
    pub report: Report,
    /// What is run, in this order.
    pub scripts: Vec<Script>,
}

/// Files cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// One cannot be read.
    #[error(transparent)]
    Unread(#[from] SetError),
    /// One cannot be run as it is.
    #[error("{} cannot be run: {reason}", .path.display())]
    Unfit {
        /// Which.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// They are too much together.
    #[error(
        "the migrations are more than {} MiB together: put data into a program that loads it",
        LARGEST_PLAN / (1024 * 1024)
    )]
    TooMuch,
}

/// Reads these files one after the other, lints them, and says how they are run.
pub fn plan(entries: &[Entry], options: Options) -> Result<Plan, PlanError> {
    let server = options.server;
    let mut linter = Linter::new(options);
    let mut named: BTreeMap<ScriptName, &Path> = BTreeMap::new();
    let (mut scripts, mut size, mut before) = (Vec::new(), 0, None::<&Entry>);
    for entry in entries {
        let unfit = |reason| PlanError::Unfit { path: entry.path.clone(), reason };
        let name = name(entry).map_err(unfit)?;
        if let Some(first) = named.insert(name.clone(), &entry.path) {
            return Err(unfit(format!("{} has the name `{name}` as well", first.display())));
        }
        let content = read(&entry.path)?;
        size += length(&content);
        if size > LARGEST_PLAN {
            return Err(PlanError::TooMuch);
        }
        linter.file(&entry.path.display().to_string(), &content);
        scripts.push(script(name, &content, &linter, server).map_err(unfit)?);
        if let Some(first) = before.replace(entry).filter(|first| is_repeated(first, entry)) {
            linter.repeats(&first.path.display().to_string());
        }
    }
    Ok(Plan { report: linter.finish(), scripts })
}

/// The name under which a migration is applied once, wherever its folder lies: that of its file,
/// with that of its folder if all files are called the same.
fn name(entry: &Entry) -> Result<ScriptName, String> {
    if matches!(entry.name.order, Order::Repeatable(_)) {
        let reason = "it would run again whenever it changes, and each migration here is applied \
                      once: give it a version";
        return Err(reason.into());
    }
    let file = text(entry.path.file_name())?;
    if !file.eq_ignore_ascii_case("migration.sql") {
        return Ok(ScriptName(file.into()));
    }
    let folder = text(entry.path.parent().and_then(Path::file_name))?;
    Ok(ScriptName(format!("{folder}/{file}")))
}

fn text(part: Option<&std::ffi::OsStr>) -> Result<&str, String> {
    let text = part.and_then(std::ffi::OsStr::to_str).filter(|text| text.len() <= MOST_BYTES);
    text.ok_or_else(|| "its name is no text of at most 120 bytes".into())
}

/// Of a name, so that every server can have it as a key.
const MOST_BYTES: usize = 120;

fn length(content: &Content) -> usize {
    match content {
        Content::Whole(bytes) => bytes.len(),
        Content::TooLarge => 0,
    }
}

fn script(
    name: ScriptName,
    content: &Content,
    linter: &Linter,
    server: Server,
) -> Result<Script, String> {
    let Content::Whole(bytes) = content else {
        let most = LARGEST_FILE / (1024 * 1024);
        return Err(format!("it is larger than {most} MiB: load data with a program"));
    };
    let text = decode(bytes).map_err(|misread| {
        let (line, column) = (misread.place.line, misread.place.column);
        format!("line {line}, column {column}: {misread}")
    })?;
    let statements = linter.last().map(|report| report.statements.as_slice()).unwrap_or_default();
    let leaps = cut::leaps(text, statements, server)?;
    Ok(Script { name, checksum: Digest::of(bytes), leaps })
}
