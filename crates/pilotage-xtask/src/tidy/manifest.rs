//! Every crate takes what is common from the workspace, and is found where its name says.

use toml::{Table, Value};

use super::Finding;

/// The fields that are the same for all crates.
const COMMON: [&str; 6] =
    ["version", "edition", "rust-version", "license", "repository", "authors"];

/// Checks one manifest, at `path`, of a crate in a folder called `folder`.
pub fn check(path: &str, folder: &str, manifest: &str) -> Vec<Finding> {
    let table: Table = match manifest.parse() {
        Ok(table) => table,
        Err(error) => return vec![Finding::new(path, format!("is not TOML: {error}"))],
    };
    let package = table.get("package");
    let not_common = COMMON.into_iter().filter(|field| !is_inherited(get(package, field)));
    let mut findings: Vec<Finding> = not_common
        .map(|field| format!("says its own `{field}`; write `{field}.workspace = true`"))
        .map(|problem| Finding::new(path, problem))
        .collect();
    if !is_inherited(table.get("lints")) {
        let problem = "does not take the lints of the workspace; add `[lints]`, `workspace = true`";
        findings.push(Finding::new(path, problem));
    }
    let name = get(package, "name").and_then(Value::as_str).unwrap_or_default();
    if name != folder {
        let problem = format!("is called `{name}` and stands in `{folder}`; use one name for both");
        findings.push(Finding::new(path, problem));
    }
    findings
}

/// Checks that the root file of a pure crate keeps the standard library out.
pub fn check_no_std(path: &str, root_file: &str) -> Option<Finding> {
    let says_so = root_file.lines().any(|line| line.trim() == "#![no_std]");
    let problem = "belongs to a pure crate and lacks `#![no_std]`, which keeps clock, files and \
                   network out at compile time";
    (!says_so).then(|| Finding::new(path, problem))
}

fn get<'t>(table: Option<&'t Value>, key: &str) -> Option<&'t Value> {
    table.and_then(|table| table.get(key))
}

fn is_inherited(value: Option<&Value>) -> bool {
    get(value, "workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> String {
        let common = COMMON.map(|field| format!("{field}.workspace = true\n")).concat();
        format!("[package]\nname = \"a\"\n{common}\n[lints]\nworkspace = true\n")
    }

    fn said(folder: &str, manifest: &str) -> Vec<String> {
        check("Cargo.toml", folder, manifest).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_manifest_that_inherits_is_fine() {
        assert!(said("a", &good()).is_empty());
    }

    #[test]
    fn what_a_crate_says_by_itself_is_found() {
        let own = good().replace("edition.workspace = true", "edition = \"2021\"");
        assert_eq!(
            said("a", &own),
            ["Cargo.toml: says its own `edition`; write `edition.workspace = true`"]
        );
        let silent = good().replace("[lints]\nworkspace = true", "");
        assert!(said("a", &silent)[0].contains("lints"));
    }

    #[test]
    fn folder_and_crate_have_one_name() {
        assert!(said("b", &good())[0].contains("is called `a` and stands in `b`"));
        assert_eq!(said("a", "[package").len(), 1);
    }

    #[test]
    fn a_pure_crate_keeps_the_standard_library_out() {
        assert!(check_no_std("lib.rs", "//! Docs\n\n#![no_std]\n").is_none());
        assert!(check_no_std("lib.rs", "//! `#![no_std]` would be nice\n").is_some());
    }
}
