//! A line as it may be shown.

use core::ops::Range;

/// What stands in the place of a secret.
const MASK: &str = "[hidden]";

/// The most characters of a line that are shown.
const LONGEST: usize = 160;

/// The line without the secrets in these ranges of bytes, without what steers a terminal, and cut.
pub(crate) fn excerpt(line: &[u8], secrets: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for secret in secrets {
        if let Some(before) = line.get(at..secret.start) {
            shown.push_str(&String::from_utf8_lossy(before));
            shown.push_str(MASK);
        }
        at = at.max(secret.end);
    }
    shown.push_str(&String::from_utf8_lossy(line.get(at..).unwrap_or_default()));
    clean(&around(&shown))
}

/// What is near the first mask, if all of it is too long.
fn around(shown: &str) -> String {
    let count = shown.chars().count();
    if count <= LONGEST {
        return shown.to_owned();
    }
    let mask =
        shown.find(MASK).and_then(|at| shown.get(..at)).map_or(0, |before| before.chars().count());
    let first = mask.saturating_sub(LONGEST / 2).min(count - LONGEST);
    shown.chars().skip(first).take(LONGEST).collect()
}

/// The text on one line, without anything that steers a terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(excerpt(b"a=one b=two", &[2..5, 8..11]), "a=[hidden] b=[hidden]");
        let long = format!("{}=secret{}", "x".repeat(500), "y".repeat(500));
        let secret = 501..507;
        let shown = excerpt(long.as_bytes(), core::slice::from_ref(&secret));
        assert!(shown.contains("x=[hidden]y") && shown.chars().count() == LONGEST);
        let secret = 7..8;
        let shown = excerpt(b"\x1b[2J k=v", core::slice::from_ref(&secret));
        assert_eq!(shown, " [2J k=[hidden]");
    }
}
