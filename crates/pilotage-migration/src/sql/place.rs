//! From a byte to the line and column that an editor shows.

/// A place in a text; both count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One byte, for what has a beginning and no end.
pub(crate) fn byte_at(at: usize) -> core::ops::Range<usize> {
    at..at.saturating_add(1)
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Looks for the lines.
    pub fn of(text: &'a str) -> Self {
        let after =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: core::iter::once(0).chain(after).collect() }
    }

    /// The place of a byte.
    pub fn place(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(start..end).unwrap_or_default();
        Place { line, column: before.chars().count() + 1 }
    }

    /// The text of a line, without its end.
    pub fn line(&self, line: usize) -> &'a str {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else { return "" };
        let end = self.starts.get(line).map_or(self.text.len(), |next| next.saturating_sub(1));
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\r')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_an_editor_does() {
        let lines = Lines::of("a\r\nöb\n");
        assert_eq!(lines.place(0), Place { line: 1, column: 1 });
        assert_eq!(lines.place(5), Place { line: 2, column: 2 });
        assert_eq!(lines.place(7), Place { line: 3, column: 1 });
        assert_eq!(
            [lines.line(1), lines.line(2), lines.line(3), lines.line(9)],
            ["a", "öb", "", ""]
        );
    }
}
