//! `package.json` and `package-lock.json`: the text is searched, so that it stays as it is.

use std::ops::Range;

use pilotage_artifact::Version;

use super::FileError;

/// Deeper than this no manifest is nested.
const DEEPEST: usize = 64;

pub(super) fn version(path: &str, text: &str) -> Result<String, FileError> {
    let none = || FileError::NoVersion { path: path.into(), place: "`version`" };
    let place = find(path, text, &["version"])?.ok_or_else(none)?;
    text.get(place).map(str::to_owned).ok_or_else(none)
}

pub(super) fn package(path: &str, text: &str, to: &Version) -> Result<String, FileError> {
    replaced(path, text, &[&["version"]], to)
}

pub(super) fn lock(path: &str, text: &str, to: &Version) -> Result<String, FileError> {
    replaced(path, text, &[&["version"], &["packages", "", "version"]], to)
}

fn replaced(path: &str, text: &str, keys: &[&[&str]], to: &Version) -> Result<String, FileError> {
    let mut text = text.to_owned();
    for keys in keys {
        if let Some(place) = find(path, &text, keys)? {
            text.replace_range(place, &to.to_string());
        }
    }
    Ok(text)
}

/// The place of the text under these keys, without its quotes.
fn find(path: &str, text: &str, keys: &[&str]) -> Result<Option<Range<usize>>, FileError> {
    // Whatever this accepts is JSON, so that the search below cannot be led astray.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(FileError::Malformed { path: path.into(), why: error.to_string() });
    }
    let mut scan = Scan { text, at: 0 };
    Ok(scan.value(Some(keys), 0))
}

/// A walk over text that is known to be JSON.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    /// Passes one value, and gives the place of what is wanted in it.
    fn value(&mut self, wanted: Option<&[&str]>, depth: usize) -> Option<Range<usize>> {
        self.space();
        match self.peek() {
            // Whatever is nested like this is no manifest, and not worth a recursion.
            Some(b'{' | b'[') if depth >= DEEPEST => {
                self.at = self.text.len();
                None
            }
            Some(b'{') => self.members(wanted, depth, b'}'),
            Some(b'[') => self.members(None, depth, b']'),
            Some(b'"') => {
                let place = self.string();
                wanted.is_some_and(<[_]>::is_empty).then_some(place)
            }
            _ => {
                self.skip(|byte| {
                    !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace()
                });
                None
            }
        }
    }

    fn members(&mut self, wanted: Option<&[&str]>, depth: usize, end: u8) -> Option<Range<usize>> {
        let mut found = None;
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte != end => {
                    let inner = if end == b'}' { self.key(wanted) } else { None };
                    found = self.value(inner, depth + 1).or(found);
                }
                _ => break,
            }
        }
        self.at += 1;
        found
    }

    /// Passes a key, and says what is wanted of its value.
    fn key<'k>(&mut self, wanted: Option<&'k [&'k str]>) -> Option<&'k [&'k str]> {
        let key = self.string();
        self.space();
        self.at += 1;
        let (first, rest) = wanted?.split_first()?;
        (self.text.get(key)? == *first).then_some(rest)
    }

    /// Passes a string, and gives the place between its quotes.
    fn string(&mut self) -> Range<usize> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        self.skip(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            !ends
        });
        let place = start..self.at;
        self.at += 1;
        place
    }

    fn space(&mut self) {
        self.skip(|byte| byte.is_ascii_whitespace());
    }

    fn skip(&mut self, mut passes: impl FnMut(u8) -> bool) {
        while self.peek().is_some_and(&mut passes) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
