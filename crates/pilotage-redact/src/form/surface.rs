//! Where a run is shown: commands of CI systems, summaries in Markdown, reports in HTML.

use core::fmt::Write as _;

use zeroize::Zeroizing;

use super::Form;

/// The most bytes that are written for one.
const LONGEST: usize = 7;

/// What Markdown gives a meaning; summaries write it by number.
const MARKDOWN: &str = "\\`*_{}[]()<>#+!|~&$@\"'";

/// Data and properties of GitHub's and Azure's commands, a cell of a table, and HTML.
pub(super) fn forms(plain: &[u8]) -> Vec<Form> {
    let Ok(text) = core::str::from_utf8(plain) else { return Vec::new() };
    let command = |percent: &'static str, also: &'static str| {
        written(text, move |char, out| match char {
            '%' => out.push_str(percent),
            char if char == '\r' || char == '\n' || also.contains(char) => put(out, char),
            char => out.push(char),
        })
    };
    let commands =
        [("%25", ""), ("%25", ":,"), ("%AZP25", ""), ("%AZP25", ";]")].map(|(a, b)| command(a, b));
    commands.into_iter().chain([markdown(text), html(text)]).collect()
}

fn put(out: &mut String, char: char) {
    let _infallible = write!(out, "%{:02X}", u32::from(char));
}

fn markdown(text: &str) -> Form {
    let mut before_slash = text.chars().skip(1).map(|next| next == '/').chain([false]);
    written(text, move |char, out| {
        let is_link = before_slash.next() == Some(true) && char == ':';
        if char == '\n' {
            out.push(' ');
        } else if is_link || MARKDOWN.contains(char) {
            let _infallible = write!(out, "&#{};", u32::from(char));
        } else {
            out.push(char);
        }
    })
}

fn html(text: &str) -> Form {
    written(text, |char, out| match char {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        char => out.push(char),
    })
}

fn written(text: &str, mut rule: impl FnMut(char, &mut String)) -> Form {
    let mut form = String::with_capacity(text.len() * LONGEST);
    text.chars().for_each(|char| rule(char, &mut form));
    Zeroizing::new(form.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_own_writers_make_of_a_value_is_among_them() {
        let forms: Vec<Vec<u8>> =
            forms(b"a%b:/c,d;e]\"'<").iter().map(|form| form.to_vec()).collect();
        for expected in [
            "a%25b:/c,d;e]\"'<",
            "a%25b%3A/c%2Cd;e]\"'<",
            "a%AZP25b:/c,d%3Be%5D\"'<",
            "a%b&#58;/c,d;e&#93;&#34;&#39;&#60;",
            "a%b:/c,d;e]&quot;&#39;&lt;",
        ] {
            assert!(forms.iter().any(|form| form == expected.as_bytes()), "{expected}");
        }
    }
}
