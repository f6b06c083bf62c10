//! A token: what kind it is and where it stands.

use core::ops::Range;

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes.
    Quoted,
    /// A text, in whatever quotes.
    Text,
    /// A number.
    Number,
    /// A single character of punctuation.
    Symbol(u8),
    /// A comment to the end of the line.
    LineComment,
    /// A comment that has an end of its own.
    BlockComment,
    /// A command to the client, such as `\copy` of `psql`, to the end of the line.
    Meta,
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What kind it is.
    pub kind: Kind,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Token {
    /// Where it stands.
    pub const fn span(self) -> Range<usize> {
        self.start..self.end
    }

    /// Its text, in the text that it was read from.
    pub fn text(self, text: &str) -> &str {
        text.get(self.span()).unwrap_or_default()
    }

    /// Whether it is a comment.
    pub const fn is_comment(self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }
}
