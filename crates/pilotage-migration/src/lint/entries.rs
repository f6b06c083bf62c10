//! From files on the disk to a report.

use crate::set::{Entry, SetError, is_repeated, read};

use super::{Linter, Options, Report};

/// Reads these files one after the other, and reports on all of them.
pub fn lint_entries(entries: &[Entry], options: Options) -> Result<Report, SetError> {
    let mut linter = Linter::new(options);
    let mut before: Option<&Entry> = None;
    for entry in entries {
        linter.file(&entry.path.display().to_string(), &read(&entry.path)?);
        if let Some(first) = before.filter(|first| is_repeated(first, entry)) {
            linter.repeats(&first.path.display().to_string());
        }
        before = Some(entry);
    }
    Ok(linter.finish())
}
