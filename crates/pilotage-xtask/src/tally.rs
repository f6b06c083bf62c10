//! Counts tests over all the test binaries of a `cargo test`.

use std::fmt::{self, Display, Formatter};

/// How many tests passed, failed and were skipped.
///
/// It prints as the closing line `N passed, N failed, N skipped`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Adds what a line of the harness says, if it is a `test result:` line.
    pub fn hear(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        for count in counts.split(['.', ';']) {
            let Some((number, what)) = count.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// Closes the count.
    ///
    /// Tests that skipped themselves were counted as passed by the harness, and are moved. Where
    /// cargo failed without a failed test (a binary died, or did not build) one failure is counted.
    pub fn close(self, cargo_succeeded: bool, skipped_themselves: usize) -> Self {
        let moved = u64::try_from(skipped_themselves).unwrap_or(u64::MAX).min(self.passed);
        let unnamed = u64::from(!cargo_succeeded && self.failed == 0);
        Self {
            passed: self.passed - moved,
            failed: self.failed + unnamed,
            skipped: self.skipped.saturating_add(moved),
        }
    }

    /// Whether anything failed.
    pub const fn has_failures(&self) -> bool {
        self.failed > 0
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; \
                        finished in 0.42s";
    const BAD: &str =
        "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";

    fn heard(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.hear(line);
        }
        tally
    }

    #[test]
    fn sums_over_binaries_and_hears_nothing_else() {
        let tally = heard(&["running 12 tests", "test a::b ... ok", GOOD, BAD, ""]);
        assert_eq!(tally.to_string(), "15 passed, 2 failed, 1 skipped");
        assert!(tally.has_failures());
    }

    #[test]
    fn a_test_that_skipped_itself_has_not_passed() {
        assert_eq!(heard(&[GOOD]).close(true, 2).to_string(), "10 passed, 0 failed, 3 skipped");
    }

    #[test]
    fn a_binary_that_died_is_a_failure() {
        assert_eq!(heard(&[GOOD]).close(false, 0).to_string(), "12 passed, 1 failed, 1 skipped");
        assert_eq!(heard(&[BAD]).close(false, 0).to_string(), "3 passed, 2 failed, 0 skipped");
    }
}
