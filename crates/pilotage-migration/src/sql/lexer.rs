//! From characters to tokens, by the rules of the dialect.

use core::ops::Range;

use super::token::{Kind, Token};
use crate::server::{Engine, Server};

/// What never ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unended {
    /// A text in quotes.
    Text,
    /// A name in quotes.
    Name,
    /// A comment.
    Comment,
}

impl Unended {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Name => "a name in quotes",
            Self::Comment => "a comment",
        }
    }
}

/// Something began and never ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} begins here and never ends", .what.name())]
pub struct LexError {
    /// What.
    pub what: Unended,
    /// Where it began, in bytes.
    pub at: usize,
}

/// Reads tokens one by one.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    server: Server,
    /// How many executable comments are open, whose closing is no token.
    executable: usize,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str, server: Server) -> Self {
        Self { text, at: 0, server, executable: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes on reading somewhere else.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at.min(self.text.len());
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next token, or nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token>, LexError> {
        self.skip_unseen();
        if self.at >= self.text.len() {
            return match self.executable {
                0 => Ok(None),
                _ => Err(LexError { what: Unended::Comment, at: self.at }),
            };
        }
        let start = self.at;
        let (kind, length) = self.scan()?;
        self.at = start + length;
        Ok(Some(Token { kind, start, end: self.at }))
    }

    /// Skips white space, and the marks around what stands in executable comments.
    pub(super) fn skip_unseen(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if self.executable > 0 && self.rest().starts_with("*/") {
                self.executable -= 1;
                self.at += 2;
            } else if self.opens_executable() {
                self.executable += 1;
            } else {
                return;
            }
        }
    }

    /// Enters a comment whose content this server executes.
    fn opens_executable(&mut self) -> bool {
        let rest = self.rest();
        let (mark, of_mariadb) = match rest.get(..4) {
            Some("/*M!") => (4, true),
            Some(mark) if mark.starts_with("/*!") => (3, false),
            _ if rest.starts_with("/*!") => (3, false),
            _ => return false,
        };
        let after = rest.get(mark..).unwrap_or_default();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let number = after.get(..digits).and_then(|digits| digits.parse().ok());
        let executes = executes(self.server, number, of_mariadb);
        if executes {
            self.at += mark + digits;
        }
        executes
    }

    fn scan(&self) -> Result<(Kind, usize), LexError> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let postgres = self.server.is_postgres();
        let first = bytes.first().copied().unwrap_or_default();
        let second = bytes.get(1).copied().unwrap_or_default();
        match (first, second) {
            (b'-', b'-') if postgres || starts_comment(bytes) => Ok(line_comment(rest)),
            (b'#', _) if !postgres => Ok(line_comment(rest)),
            (b'/', b'*') => self.block_comment(),
            (b'\'', _) => self.quoted(b'\'', 0, !postgres, Unended::Text),
            (b'"', _) if postgres => self.quoted(b'"', 0, false, Unended::Name),
            (b'"', _) => self.quoted(b'"', 0, true, Unended::Text),
            (b'`', _) if !postgres => self.quoted(b'`', 0, false, Unended::Name),
            (b'$', _) if postgres => self.dollar(),
            (b'e' | b'E', b'\'') if postgres => self.quoted(b'\'', 1, true, Unended::Text),
            (b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'') => {
                self.quoted(b'\'', 1, !postgres, Unended::Text)
            }
            (b'u' | b'U', b'&') if postgres => self.unicode(bytes),
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => Ok((Kind::Number, number(bytes))),
            _ if is_word_start(first) => Ok((Kind::Word, word(bytes))),
            _ => Ok((Kind::Symbol(first), 1)),
        }
    }

    /// `U&'...'` and `U&"..."`.
    fn unicode(&self, bytes: &[u8]) -> Result<(Kind, usize), LexError> {
        match bytes.get(2) {
            Some(b'\'') => self.quoted(b'\'', 2, false, Unended::Text),
            Some(b'"') => self.quoted(b'"', 2, false, Unended::Name),
            _ => Ok((Kind::Word, word(bytes))),
        }
    }

    /// From the quote at `skip` to its end; a doubled quote is part of the content.
    fn quoted(
        &self,
        quote: u8,
        skip: usize,
        backslash: bool,
        what: Unended,
    ) -> Result<(Kind, usize), LexError> {
        let kind = if what == Unended::Name { Kind::Quoted } else { Kind::Text };
        let mut bytes = self.rest().bytes().enumerate().skip(skip + 1).peekable();
        while let Some((at, byte)) = bytes.next() {
            if byte == b'\\' && backslash {
                bytes.next();
            } else if byte == quote && bytes.next_if(|(_, next)| *next == quote).is_none() {
                return Ok((kind, at + 1));
            }
        }
        Err(LexError { what, at: self.at })
    }

    /// `$tag$ ... $tag$`; a lone dollar belongs to a parameter.
    fn dollar(&self) -> Result<(Kind, usize), LexError> {
        let rest = self.rest();
        let Some(tag) = dollar_tag(rest) else { return Ok((Kind::Symbol(b'$'), 1)) };
        let body = rest.get(tag.len()..).unwrap_or_default();
        match body.find(tag) {
            Some(end) => Ok((Kind::Text, tag.len() + end + tag.len())),
            None => Err(LexError { what: Unended::Text, at: self.at }),
        }
    }

    /// Comments of Postgres nest, those of MySQL do not.
    fn block_comment(&self) -> Result<(Kind, usize), LexError> {
        let bytes = self.rest().as_bytes();
        let (mut depth, mut at) = (1_usize, 2_usize);
        while depth > 0 {
            match bytes.get(at..at + 2) {
                Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                Some(b"/*") if self.server.is_postgres() => (depth, at) = (depth + 1, at + 2),
                Some(_) => at += 1,
                None => return Err(LexError { what: Unended::Comment, at: self.at }),
            }
        }
        Ok((Kind::BlockComment, at))
    }
}

/// Whether a server executes a comment with this number.
fn executes(server: Server, number: Option<u32>, of_mariadb: bool) -> bool {
    let reached = number.is_none_or(|number| number <= server.comment_number());
    match server.engine() {
        Engine::Postgres => false,
        Engine::MySql => !of_mariadb && reached,
        // MariaDB ignores what was meant for the versions of MySQL that it has no counterpart of.
        Engine::MariaDb => {
            reached && (of_mariadb || number.is_none_or(|n| !(50_700..=99_999).contains(&n)))
        }
    }
}

/// In MySQL, two dashes begin a comment only before white space or the end.
fn starts_comment(bytes: &[u8]) -> bool {
    bytes.get(2).is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
}

fn line_comment(rest: &str) -> (Kind, usize) {
    (Kind::LineComment, rest.find('\n').unwrap_or(rest.len()))
}

fn dollar_tag(rest: &str) -> Option<&str> {
    let inner = rest.get(1..)?;
    let end = inner.find('$')?;
    let name = inner.get(..end)?.as_bytes();
    let fits = name.iter().all(|byte| is_word(*byte) && *byte != b'$');
    let begins = name.first().is_none_or(|byte| is_word_start(*byte));
    (fits && begins).then(|| rest.get(..end + 2))?
}

const fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'@') || !byte.is_ascii()
}

const fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn word(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_word(**byte)).count()
}

fn number(bytes: &[u8]) -> usize {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    bytes.iter().take_while(is_part).count()
}

/// The content of a name, without quotes.
pub(super) fn unquoted(text: &str, kind: Kind, postgres: bool) -> String {
    let inner = |quote: &str| -> String {
        let range: Range<usize> = 1..text.len().saturating_sub(1);
        text.get(range).unwrap_or_default().replace(&quote.repeat(2), quote)
    };
    match (kind, postgres) {
        (Kind::Quoted, true) => inner("\""),
        (Kind::Quoted, false) => inner("`"),
        (_, true) => text.to_lowercase(),
        (_, false) => text.to_owned(),
    }
}
