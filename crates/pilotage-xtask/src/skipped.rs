//! The contract between a test that needs a real system and the command that runs the tests.
//!
//! The test runner starts every system that it can and passes what tests need to know of it in
//! environment variables (`PILOTAGE_TEST_...`, named by the system). It also sets [`VARIABLE`] to
//! the path of an empty file. A test whose system is not there
//!
//! 1. appends one line `<test name>\t<system>\t<reason>\n` to that file, in a single write to a
//!    file opened for appending, so that lines of parallel tests do not mix;
//! 2. returns, which the test harness counts as passed.
//!
//! Where the variable is not set (plain `cargo test`) there is nobody to tell; the test says the
//! same on standard error and returns. This module is the reading side: a skip that was written
//! down is counted and printed by name, and is taken back out of the number that passed.

use std::path::Path;

use crate::{Error, files};

/// The environment variable that names the file to append to.
pub const VARIABLE: &str = "PILOTAGE_SKIPPED";

/// One test that did not run for want of a real system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The test, as the harness names it.
    pub test: String,
    /// The system that it needs.
    pub system: String,
    /// Why that system was not there.
    pub reason: String,
}

/// Reads what the tests wrote, sorted by test.
pub fn read(path: &Path) -> Result<Vec<Skipped>, Error> {
    let text = files::read_if_there(path)?.unwrap_or_default();
    parse(&text).map_err(|line| Error::Malformed {
        what: path.display().to_string(),
        why: format!("`{line}` is not `<test name>\\t<system>\\t<reason>`"),
        hint: "the test that wrote it must use the helper of the testkit",
    })
}

fn parse(text: &str) -> Result<Vec<Skipped>, String> {
    let mut skipped = Vec::new();
    for line in text.lines() {
        let mut fields = line.splitn(3, '\t').map(str::trim).filter(|field| !field.is_empty());
        let mut next = || fields.next().map(str::to_owned).ok_or_else(|| line.to_owned());
        skipped.push(Skipped { test: next()?, system: next()?, reason: next()? });
    }
    skipped.sort();
    Ok(skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_line_sorted_by_test() {
        let text = "b::full\tsmall-disk\tneeds root\na::live\tpostgres\tno\tserver\n";
        let names: Vec<_> =
            parse(text).expect("both lines are whole").into_iter().map(|s| s.test).collect();
        assert_eq!(names, ["a::live", "b::full"]);
        assert_eq!(parse("").expect("nothing was skipped"), []);
    }

    #[test]
    fn a_line_that_lost_its_reason_is_an_error_not_a_pass() {
        assert_eq!(parse("a::live\tpostgres\t \n"), Err("a::live\tpostgres\t ".into()));
        assert!(parse("half a line").is_err());
    }

    #[test]
    fn no_file_means_that_nothing_was_skipped() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(&folder.path().join("skipped")).expect("absence is an answer"), []);
    }
}
