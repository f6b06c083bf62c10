//! The commands of a GitHub Actions runner.

use core::fmt::{self, Debug, Display, Formatter};

use super::CiError;
use super::Spot;
use super::defuse::defused_lines;
use crate::text::{clip, lines, one_line};

pub use super::annotations::Annotations;

/// The longest message of an annotation, in bytes.
const LONGEST_MESSAGE: usize = 4_096;

/// The longest title of an annotation or a group, in bytes.
const LONGEST_TITLE: usize = 200;

/// The longest path of an annotation, in bytes.
const LONGEST_PATH: usize = 1_024;

/// A text that nobody can guess, for fencing in text from outside.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn random() -> Result<Self, CiError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|source| CiError::NoRandomness { source })?;
        Ok(Self::from_bytes(bytes))
    }

    /// One made of these bytes, which must be random.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("pilotage-{:032x}", u128::from_be_bytes(bytes)))
    }
}

impl Display for Token {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whoever reads a token in a log can forge what it fences in.
impl Debug for Token {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// How serious an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something is odd.
    Warning,
    /// Something is worth knowing.
    Notice,
}

/// An annotation; its message is clean and at most 4 KiB long.
pub fn annotation(level: Level, title: &str, message: &str) -> String {
    annotation_at(level, title, None, message)
}

/// An annotation beside a line, if there is one to show it at.
pub fn annotation_at(level: Level, title: &str, spot: Option<&Spot<'_>>, message: &str) -> String {
    let command = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let title = property(&one_line(title, LONGEST_TITLE));
    let place = spot.map(place).unwrap_or_default();
    format!("::{command} {place}title={title}::{}\n", data_within(&lines(message).join("\n")))
}

/// The properties that say where.
fn place(spot: &Spot<'_>) -> String {
    let Spot { line, column, end_line, .. } = spot;
    let file = property(&one_line(spot.file, LONGEST_PATH));
    format!("file={file},line={line},col={column},endLine={end_line},")
}

/// Opens a group; groups do not nest.
pub fn group(title: &str) -> String {
    format!("::group::{}\n", data(&one_line(title, LONGEST_TITLE)))
}

/// Closes it.
pub fn end_group() -> String {
    "::endgroup::\n".to_owned()
}

/// Text from outside: cleaned, and written so that the runner takes none of it for a command.
pub fn untrusted(token: &Token, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let lines = defused_lines(text);
    format!("::stop-commands::{token}\n{lines}::{token}::\n")
}

/// What is appended to the file of outputs. The token of each value is its own, so that no value
/// can end itself and begin another.
pub fn output(name: &str, value: &str, token: &Token) -> String {
    format!("{name}<<{token}\n{value}\n{token}\n")
}

/// The data of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// As much of the data as fits a message, cut before it is escaped, so that no escape is torn.
fn data_within(text: &str) -> String {
    let escaped = data(text);
    let Some(over) = escaped.len().checked_sub(LONGEST_MESSAGE).filter(|over| *over > 0) else {
        return escaped;
    };
    let shorter = text.len().min(LONGEST_MESSAGE).saturating_sub(over.min(text.len() / 2).max(1));
    data_within(&clip(text, shorter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped() {
        let said = annotation(Level::Error, "a:b,c\n::d", "100%\n::set-env name=X::1\u{1b}[0m");
        assert_eq!(said, "::error title=a%3Ab%2Cc %3A%3Ad::100%25%0A::set-env name=X::1\n");
        assert_eq!(group("a\n::error::b"), "::group::a ::error::b\n");
    }

    #[test]
    fn an_annotation_can_stand_beside_a_line() {
        let spot = Spot { file: "a,b:c.sql", line: 3, column: 5, end_line: 4 };
        let said = annotation_at(Level::Error, "t", Some(&spot), "m");
        assert_eq!(said, "::error file=a%2Cb%3Ac.sql,line=3,col=5,endLine=4,title=t::m\n");
    }

    #[test]
    fn messages_have_at_most_four_kibibytes_and_no_torn_escape() {
        for text in ["x", "%", "ä", "%ä\n"] {
            for length in [4_095, 4_096, 4_097, 20_000] {
                let said = annotation(Level::Error, "t", &text.repeat(length / text.len()));
                let message = said.trim_end().strip_prefix("::error title=t::").expect("it is one");
                assert!(message.len() <= LONGEST_MESSAGE, "{text} {length}: {}", message.len());
                let tail = message.rfind('%').map_or("%25", |at| &message[at..]);
                assert!(tail.len() >= 3, "{tail}");
            }
        }
        let whole = annotation(Level::Error, "t", &"x".repeat(4_096));
        assert!(!whole.contains('…'), "what fits is not cut");
        assert!(annotation(Level::Error, "t", &"x".repeat(4_097)).contains('…'));
        assert!(annotation(Level::Error, "t", &"x".repeat(4_097)).len() > 4_000);
    }

    #[test]
    fn no_line_from_outside_is_a_command() {
        let token = Token::from_bytes([7; 16]);
        let text = untrusted(&token, "::set-env name=A::b\na ##[add-path]/x\n####[group]\n");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.first().copied(), Some(format!("::stop-commands::{token}").as_str()));
        assert_eq!(lines.last().copied(), Some(format!("::{token}::").as_str()));
        assert!(!text.contains("##"), "{text}");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(Token::random().unwrap(), Token::random().unwrap());
        assert_eq!(format!("{:?}", Token::from_bytes([1; 16])), "Token(hidden)");
    }
}
