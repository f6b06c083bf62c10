//! Waiting for something outside of this process that nobody tells: a file, the end of a process.
//!
//! It looks again and again, so that a test goes on as soon as it is so, and ends with what was
//! seen instead if it never is.

use std::thread::park_timeout;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine; reached only by a failing test.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(10);

/// Waits until it is so.
///
/// # Panics
///
/// After a minute, with what was to come and what was seen instead.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "what is outside of a test has the machine's time")]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool, seen: impl Fn() -> String) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited for {what}; there was {}", seen());
        park_timeout(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_until_it_is_so() {
        let mut looks = 0;
        let third = || {
            looks += 1;
            looks == 3
        };
        until("the third look", third, String::new);
        assert_eq!(looks, 3);
    }
}
