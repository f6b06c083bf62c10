//! Annotations within what GitHub Actions shows: ten of a kind in a step, 4 KiB each.

use super::Spot;
use super::github::{Level, annotation, annotation_at};

/// How many of a kind a step shows; the runner drops the rest without a word.
const MOST: u8 = 10;

/// Annotations that were given so far.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    given: [u8; 3],
}

impl Annotations {
    /// The command for this annotation. The last one that there is room for says that more are in
    /// the log; there are none after it.
    pub fn say(&mut self, level: Level, title: &str, message: &str) -> String {
        self.say_at(level, title, None, message)
    }

    /// The same beside a line, if there is one to show it at.
    pub fn say_at(
        &mut self,
        level: Level,
        title: &str,
        spot: Option<&Spot<'_>>,
        message: &str,
    ) -> String {
        let [error, warning, notice] = &mut self.given;
        let given = match level {
            Level::Error => error,
            Level::Warning => warning,
            Level::Notice => notice,
        };
        *given = given.saturating_add(1);
        match (*given).cmp(&MOST) {
            core::cmp::Ordering::Less => annotation_at(level, title, spot, message),
            core::cmp::Ordering::Equal => {
                annotation(level, title, "there are more of these; the rest is in the log")
            }
            core::cmp::Ordering::Greater => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_says_that_there_are_more() {
        let mut annotations = Annotations::default();
        let mut say = |level| annotations.say(level, "t", "m");
        let said: Vec<_> = (0..12).map(|_| say(Level::Warning)).collect();
        assert_eq!(said.iter().filter(|text| !text.is_empty()).count(), 10);
        assert_eq!(said[8], "::warning title=t::m\n");
        assert!(said[9].contains("there are more"), "{}", said[9]);
        assert_eq!(say(Level::Error), "::error title=t::m\n", "each kind has room of its own");
    }
}
