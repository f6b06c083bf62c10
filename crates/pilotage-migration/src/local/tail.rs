//! The last words of a program: as many as are read by a person, and no more.

use std::collections::VecDeque;

/// How many lines, and of how many bytes in all: they go into the record of the lease.
const MOST_LINES: usize = 30;
const MOST_BYTES: usize = 4 << 10;

/// The last lines that were said.
#[derive(Debug, Default)]
pub(super) struct Tail {
    lines: VecDeque<String>,
    bytes: usize,
}

impl Tail {
    /// Takes one more line; older ones go.
    pub(super) fn push(&mut self, line: &str) {
        let line: String = line.chars().take(MOST_BYTES / 8).collect();
        self.bytes += line.len() + 1;
        self.lines.push_back(line);
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.len() + 1;
        }
    }

    /// All that is kept.
    pub(super) fn text(&self) -> String {
        self.lines.iter().fold(String::new(), |text, line| text + line + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_their_length_is_bounded() {
        let mut tail = Tail::default();
        (0..1_000).for_each(|number| tail.push(&format!("line {number}")));
        let text = tail.text();
        assert!(text.ends_with("line 999\n") && text.lines().count() == MOST_LINES, "{text}");
        (0..9).for_each(|_| tail.push(&"ä".repeat(100_000)));
        assert!(tail.text().len() <= MOST_BYTES);
    }
}
