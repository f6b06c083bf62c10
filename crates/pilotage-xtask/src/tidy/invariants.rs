//! An invariant that names the check that guards it names one that exists.
//!
//! In a document, `(checked by: X)` or `(checked by: X, Y)` names checks, in back-ticks or not.
//! A check is a subcommand of the task runner (`cargo xtask tidy`), a function of the sources
//! (a test), a lint, or a path in the repository. That the check does guard the invariant is for
//! the reviewer to say; that it did not vanish under a new name is said here.

use super::Finding;

const MARK: &str = "(checked by:";

/// Finds checks that do not exist, by asking `exists` for each name.
pub fn check(path: &str, document: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let missing = named(document).into_iter().filter(|(_, name)| !exists(name));
    let finding = |(line, name): (usize, String)| {
        let problem = format!(
            "`{name}` guards an invariant and does not exist: it is no xtask subcommand, function, \
             lint or path"
        );
        Finding::at_line(path, line, problem)
    };
    missing.map(finding).collect()
}

/// Whether a function of this name (its last segment) is defined in the text.
pub fn defines(text: &str, name: &str) -> bool {
    let last = name.rsplit("::").next().unwrap_or(name);
    let begins = |rest: &str| rest.starts_with(['(', '<']);
    text.match_indices(&format!("fn {last}"))
        .any(|(at, found)| text.get(at + found.len()..).is_some_and(begins))
}

fn named(document: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, mark) in document.match_indices(MARK) {
        let (before, after) = (document.get(..at), document.get(at + mark.len()..));
        let line = before.map_or(0, |text| text.matches('\n').count()) + 1;
        let names = after.and_then(|text| text.split_once(')')).map_or("", |(names, _)| names);
        let clean =
            |name: &str| name.replace('`', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(names.split(',').map(|name| (line, clean(name))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(document: &str) -> Vec<String> {
        let exists = |name: &str| matches!(name, "cargo xtask tidy" | "clippy::exit");
        check("A.md", document, &exists).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn checks_that_exist_are_fine() {
        assert!(said("**Pure.** (checked by: `cargo xtask\n tidy`, `clippy::exit`)").is_empty());
        assert!(said("nothing is promised here").is_empty());
    }

    #[test]
    fn a_check_that_vanished_is_found_at_its_line() {
        let found = said("One.\nTwo (checked by: `cargo xtask tidy`, never_loses_service).");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("A.md:2: `never_loses_service`"), "{found:?}");
        assert_eq!(said("Empty (checked by: )").len(), 1);
        assert_eq!(said("Open (checked by: x").len(), 1);
    }

    #[test]
    fn finds_functions_by_their_whole_name() {
        let text = "fn keeps_service() {}\nfn generic<T>() {}";
        assert!(defines(text, "keeps_service") && defines(text, "sim::tests::generic"));
        assert!(!defines(text, "keeps") && !defines(text, "service"));
    }
}
