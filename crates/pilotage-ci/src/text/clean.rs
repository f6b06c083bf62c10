//! Text without what steers a terminal or deceives a reader.

use core::iter::Peekable;
use core::str::Chars;

/// The text on one line: without escape sequences and control characters, with one space for
/// every run of white space, and not longer than `limit` bytes.
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit));
    for word in strip(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > limit {
            break;
        }
    }
    clip(&line, limit)
}

/// The lines of the text, each without escape sequences and control characters.
pub fn lines(text: &str) -> Vec<String> {
    strip(text).lines().map(|line| line.trim_end().to_owned()).collect()
}

/// The text, cut off at a character so that it has at most `limit` bytes, with an ellipsis where
/// it was cut and one fits.
pub fn clip(text: &str, limit: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(ELLIPSIS.len());
    let kept = head(text, room);
    let ellipsis = if limit < ELLIPSIS.len() { "" } else { ELLIPSIS };
    format!("{kept}{ellipsis}")
}

/// As many whole characters from the beginning as fit in this many bytes.
fn head(text: &str, limit: usize) -> &str {
    (0..=limit.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// As many whole characters from the end as fit in this many bytes.
pub fn tail(text: &str, limit: usize) -> &str {
    let from = text.len().saturating_sub(limit);
    (from..=text.len()).find_map(|from| text.get(from..)).unwrap_or_default()
}

/// Keeps line feeds and makes tabs spaces; drops all else that is not seen.
fn strip(text: &str) -> String {
    let mut stripped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => stripped.push('\n'),
            '\t' => stripped.push(' '),
            '\u{1b}' => skip_sequence(&mut chars),
            char if is_unseen(char) => {}
            char => stripped.push(char),
        }
    }
    stripped
}

/// Skips the rest of an escape sequence, so that its parameters are not shown as text.
fn skip_sequence(chars: &mut Peekable<Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while chars.next_if(|char| matches!(char, ' '..='?')).is_some() {}
            chars.next_if(|char| matches!(char, '@'..='~'));
        }
        Some(']' | 'P' | '^' | '_' | 'X') => skip_string(chars),
        Some('@'..='~') => drop(chars.next()),
        _ => {}
    }
}

/// A string sequence ends with a bell or a string terminator; one without an end must not swallow
/// the lines that follow it.
fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(char) = chars.next_if(|char| *char != '\n') {
        if char == '\u{7}' || char == '\u{9c}' {
            return;
        }
        if char == '\u{1b}' {
            chars.next_if_eq(&'\\');
            return;
        }
    }
}

/// Control characters, and the marks that reorder or hide what a reader sees.
const fn is_unseen(char: char) -> bool {
    matches!(char,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_gone() {
        let hostile = "\u{1b}[2J\u{1b}]0;owned\u{7}a\u{8}\u{9b}31m\tb\r\nc\u{202e}d\u{1b}c";
        assert_eq!(one_line(hostile, 99), "a31m b cd");
        assert_eq!(lines(hostile), ["a31m b", "cd"]);
        assert_eq!(one_line("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", 99), "link");
        assert_eq!(lines("\u{1b}]never ends\nnext"), ["", "next"]);
    }

    #[test]
    fn a_lone_carriage_return_cannot_overwrite_what_was_printed() {
        assert_eq!(lines("failed\rpassed"), ["failed", "passed"]);
    }

    #[test]
    fn text_is_cut_at_a_character() {
        assert_eq!(clip("äöü", 6), "äöü");
        assert_eq!(clip("äöüß", 7), "äö…");
        assert_eq!(clip("äöü", 2), "");
        assert_eq!([tail("äöü", 5), tail("äöü", 4), tail("äöü", 9)], ["öü", "öü", "äöü"]);
        assert_eq!(one_line(&"word ".repeat(99), 12), "word word…");
    }
}
