//! Text inside a paragraph or table cell of Markdown.

use core::fmt::Write as _;

/// The text with every character that Markdown gives a meaning written as an entity, which
/// Markdown shows and never interprets. Line feeds become spaces, for a cell has one line.
pub fn markdown(text: &str) -> String {
    const MEANING: &str = "\\`*_{}[]()<>#+!|~&$@\"'";
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        // A colon before a slash makes a link of what follows.
        let starts_link = char == ':' && chars.peek() == Some(&'/');
        if char == '\n' {
            escaped.push(' ');
        } else if MEANING.contains(char) || starts_link {
            // Writing to a string cannot fail.
            let _infallible = write!(escaped, "&#{};", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_tables_nor_links_nor_tags_can_be_written() {
        assert_eq!(markdown("a|b\n<i> `x`"), "a&#124;b &#60;i&#62; &#96;x&#96;");
        assert_eq!(markdown("https://e.org: v1.2"), "https&#58;//e.org: v1.2");
    }
}
