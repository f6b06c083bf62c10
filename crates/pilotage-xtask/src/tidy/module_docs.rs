//! Every Rust file begins by saying what it is.

use super::Finding;
use super::sources::Source;

/// Finds Rust files that do not begin with `//!`.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let undocumented = |source: &&Source| source.is_rust() && !begins_with_docs(&source.text);
    sources.iter().filter(undocumented).map(finding).collect()
}

fn begins_with_docs(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.strip_prefix("//!").is_some_and(|words| !words.trim().is_empty())
}

fn finding(source: &Source) -> Finding {
    let problem = "does not begin with module docs; begin with `//!` and say what this is, why it \
                   exists, what it guarantees and what it deliberately does not do";
    Finding::at_line(&source.path, 1, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> usize {
        check(&[Source { path: "src/a.rs".into(), text: text.into() }]).len()
    }

    #[test]
    fn the_first_line_must_be_docs_with_words() {
        assert_eq!(findings("//! What this is.\n\nuse std::fmt;\n"), 0);
        assert_eq!(findings("use std::fmt;\n//! Too late.\n"), 1);
        assert_eq!(findings("//!\n"), 1);
        assert_eq!(findings("// A plain comment.\n"), 1);
        assert_eq!(findings(""), 1);
    }

    #[test]
    fn other_files_are_left_alone() {
        let readme = Source { path: "README.md".into(), text: "# Title".into() };
        assert_eq!(check(&[readme]), []);
    }
}
