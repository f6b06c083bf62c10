//! Prints the release that a checkout contains and how many commits came after it.
//!
//! `describe FOLDER PREFIX`, for example `describe . v`. It is what `cargo xtask bench version`
//! measures beside `git describe`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use pilotage_artifact::TagPrefix;
use pilotage_git::History;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.as_slice() {
        [folder, prefix] => describe(Path::new(folder), prefix),
        _ => Err("usage: describe FOLDER PREFIX".into()),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    let _closed = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}

fn describe(folder: &Path, prefix: &str) -> Result<(), Failure> {
    let prefix: TagPrefix = prefix.parse()?;
    let history = History::open(folder)?;
    let head = history.head()?;
    let since = history.since(head, &history.tags(&prefix)?)?;
    let release = since.release.map_or_else(|| "none".into(), |tag| tag.name);
    writeln!(std::io::stdout(), "{release} {} {}", since.commits.len(), head.short())?;
    Ok(())
}
