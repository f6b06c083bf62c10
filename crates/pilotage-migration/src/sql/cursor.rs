//! A position among tokens, with the few questions that classifiers ask.

use core::fmt::{self, Display, Formatter};
use core::ops::Range;

use super::lexer::unquoted;
use super::token::{Kind, Token};

/// The name of a table or another object, as the server compares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(String);

impl Display for ObjectName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ObjectName {
    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A position among the tokens of one statement. A copy goes its own way.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Token],
    postgres: bool,
}

impl<'a> Cursor<'a> {
    /// Stands before the first of these tokens.
    pub const fn new(text: &'a str, tokens: &'a [Token], postgres: bool) -> Self {
        Self { text, tokens, postgres }
    }

    /// Whether there is nothing left.
    pub const fn is_end(&self) -> bool {
        self.tokens.is_empty()
    }

    /// From the next token to the last.
    pub fn span(&self) -> Range<usize> {
        let start = self.tokens.first().map_or(0, |token| token.start);
        start..self.tokens.last().map_or(start, |token| token.end)
    }

    /// What is left, as it was written.
    pub fn source(&self) -> &'a str {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// The tokens that are left.
    pub const fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// The next word in upper case, or nothing if the next token is no word.
    pub fn word(&self) -> String {
        match self.tokens.first() {
            Some(token) if token.kind == Kind::Word => token.text(self.text).to_uppercase(),
            _ => String::new(),
        }
    }

    /// Whether these words come next.
    pub fn is(&self, words: &str) -> bool {
        self.after(words).is_some()
    }

    /// Goes past these words, if they come next.
    pub fn eat(&mut self, words: &str) -> bool {
        self.after(words).inspect(|after| *self = *after).is_some()
    }

    /// Goes past whichever of these comes next, and says which.
    pub fn eat_any<'w>(&mut self, choices: &[&'w str]) -> Option<&'w str> {
        choices.iter().copied().find(|words| self.eat(words))
    }

    /// Goes past a symbol, if it comes next.
    pub fn eat_symbol(&mut self, symbol: u8) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Whether it is a command to the client.
    pub fn is_meta(&self) -> bool {
        self.tokens.first().is_some_and(|token| token.kind == Kind::Meta)
    }

    /// Whether a symbol comes next.
    pub fn is_symbol(&self, symbol: u8) -> bool {
        self.tokens.first().is_some_and(|token| token.kind == Kind::Symbol(symbol))
    }

    /// A name, with its schema if there is one. A `public` schema is what is meant without one.
    pub fn name(&mut self) -> Option<ObjectName> {
        let mut parts = vec![self.part()?];
        while self.is_symbol(b'.') {
            self.advance();
            parts.push(self.part()?);
        }
        if self.postgres && parts.len() > 1 && parts.first().is_some_and(|part| part == "public") {
            parts.remove(0);
        }
        Some(ObjectName(parts.join(".")))
    }

    /// A name as its schema, if there is one, and the name in it.
    pub(crate) fn qualified(&mut self) -> Option<(Option<String>, String)> {
        let first = self.part()?;
        if !self.eat_symbol(b'.') {
            return Some((None, first));
        }
        self.part().map(|second| (Some(first), second))
    }

    /// The text of a name; empty if none comes next.
    pub fn name_text(&mut self) -> String {
        self.name().map(|ObjectName(text)| text).unwrap_or_default()
    }

    fn part(&mut self) -> Option<String> {
        let token = self.tokens.first().filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted))?;
        let part = unquoted(token.text(self.text), token.kind, self.postgres);
        self.advance();
        Some(part)
    }

    /// What stands in the brackets that come next; goes past them.
    pub fn group(&mut self) -> Option<Self> {
        if !self.is_symbol(b'(') {
            return None;
        }
        let end = self.group_length();
        let inner = self.tokens.get(1..end.saturating_sub(1)).unwrap_or_default();
        self.tokens = self.tokens.get(end..).unwrap_or_default();
        Some(Self { tokens: inner, ..*self })
    }

    /// Goes past the next token, and past all of what it opens.
    pub fn skip(&mut self) {
        if self.group().is_none() {
            self.advance();
        }
    }

    /// What stands between the commas, those in brackets left aside.
    pub fn split_commas(&self) -> Vec<Self> {
        let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Kind::Symbol(b'(' | b'[') => depth += 1,
                Kind::Symbol(b')' | b']') => depth = depth.saturating_sub(1),
                Kind::Symbol(b',') if depth == 0 => {
                    parts.push(self.slice(start, at));
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(self.slice(start, self.tokens.len()));
        parts
    }

    /// What follows these words, wherever they stand outside brackets.
    pub fn find(&self, words: &str) -> Option<Self> {
        let mut cursor = *self;
        while !cursor.is_end() {
            if let Some(after) = cursor.after(words) {
                return Some(after);
            }
            cursor.skip();
        }
        None
    }

    /// Whether these words stand anywhere outside brackets.
    pub fn has(&self, words: &str) -> bool {
        self.find(words).is_some()
    }

    /// Whether these words stand anywhere, also in brackets.
    pub fn has_anywhere(&self, words: &str) -> bool {
        let mut cursor = *self;
        while !cursor.is_end() {
            if cursor.is(words) {
                return true;
            }
            cursor.advance();
        }
        false
    }

    /// What stands before these words, or all of it.
    pub fn until(&self, words: &str) -> Self {
        let rest = self.find(words).map_or(0, |after| after.tokens.len() + count(words));
        self.slice(0, self.tokens.len().saturating_sub(rest))
    }

    /// Each name that is followed by an opening bracket, in lower case, without its schema.
    pub fn calls(&self) -> impl Iterator<Item = String> + '_ {
        self.tokens.windows(2).filter_map(|pair| match pair {
            [name, open]
                if open.kind == Kind::Symbol(b'(')
                    && matches!(name.kind, Kind::Word | Kind::Quoted) =>
            {
                Some(name.text(self.text).to_lowercase())
            }
            _ => None,
        })
    }

    /// The content of a text that comes next.
    pub fn text_content(&self) -> Option<&'a str> {
        let token = self.tokens.first().filter(|token| token.kind == Kind::Text)?;
        let text = token.text(self.text);
        text.get(1..text.len().saturating_sub(1))
    }

    /// Goes past one token.
    pub fn advance(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn slice(&self, start: usize, end: usize) -> Self {
        Self { tokens: self.tokens.get(start..end).unwrap_or_default(), ..*self }
    }

    fn after(&self, words: &str) -> Option<Self> {
        let mut cursor = *self;
        for word in words.split(' ') {
            let next = cursor.tokens.first().filter(|token| token.kind == Kind::Word)?;
            if !next.text(self.text).eq_ignore_ascii_case(word) {
                return None;
            }
            cursor.advance();
        }
        Some(cursor)
    }

    fn group_length(&self) -> usize {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.tokens.len() + 1
    }
}

fn count(words: &str) -> usize {
    words.split(' ').count()
}
