//! `cargo xtask tidy`: the rules that compilers and linters do not check, over this repository.

use std::path::Path;

use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::tidy::lengths::{self, Limits};
use pilotage_xtask::tidy::sources::{self, Source};
use pilotage_xtask::tidy::{
    Finding, commands, invariants, manifest, module_docs, paths, ratchet, tokens,
};
use pilotage_xtask::{Error, files, terminal};

use crate::cli::Cli;
use crate::failure::Failure;
use crate::here::Here;
use crate::ladder::LADDER;

const LIMITS: Limits = Limits { file: 400, function: 70 };
const RATCHET: &str = "xtask/length-ratchet.txt";

/// Documents whose commands must work.
const MANUALS: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// The document whose invariants name their checks.
const ARCHITECTURE: &str = "ARCHITECTURE.md";

/// Applies every rule and prints what they find.
pub(crate) fn run(here: &Here) -> Result<(), Failure> {
    let repository = Repository::load(&here.root)?;
    let mut findings = repository.findings()?;
    findings.sort();
    for finding in &findings {
        terminal::say(finding.to_string())?;
    }
    if !findings.is_empty() {
        return Err(Failure::Findings(findings.len()));
    }
    let crates = repository.workspace.members.len();
    let files = repository.sources.len();
    Ok(terminal::say(format!("tidy: {crates} crates and {files} files, nothing found"))?)
}

/// This repository, read once for all rules.
#[derive(Debug)]
pub struct Repository {
    workspace: Workspace,
    sources: Vec<Source>,
}

impl Repository {
    /// Reads it.
    pub fn load(root: &Path) -> Result<Self, Error> {
        Ok(Self { workspace: Workspace::load(root)?, sources: sources::load(root)? })
    }

    /// What all the rules find.
    pub fn findings(&self) -> Result<Vec<Finding>, Error> {
        let rules = [
            LADDER.check(&self.workspace),
            self.manifests()?,
            self.pure_crates()?,
            module_docs::check(&self.sources),
            tokens::check(&self.sources),
            paths::check(&self.sources),
            self.lengths()?,
            self.manuals(&Cli::accepts),
            self.invariants(),
        ];
        Ok(rules.into_iter().flatten().collect())
    }

    fn manifests(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        for member in &self.workspace.members {
            let text = files::read(&member.manifest)?;
            let path = self.relative(&member.manifest);
            findings.extend(manifest::check(&path, member.folder_name(), &text));
        }
        Ok(findings)
    }

    fn pure_crates(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        for member in LADDER.pure(&self.workspace) {
            let root = member.manifest.with_file_name("src").join("lib.rs");
            let text = files::read_if_there(&root)?.unwrap_or_default();
            findings.extend(manifest::check_no_std(&self.relative(&root), &text));
        }
        Ok(findings)
    }

    fn lengths(&self) -> Result<Vec<Finding>, Error> {
        let table = files::read(&self.workspace.root.join(RATCHET))?;
        Ok(match lengths::long(&self.sources, LIMITS) {
            Ok(lengths) => ratchet::check(RATCHET, &table, &lengths),
            Err(finding) => vec![finding],
        })
    }

    /// What people are told to type and cannot, where `xtask` says whether words are a task.
    pub fn manuals(&self, xtask: &dyn Fn(&[&str]) -> Result<(), String>) -> Vec<Finding> {
        let members = &self.workspace.members;
        let binaries: Vec<&str> =
            members.iter().flat_map(|member| &member.binaries).map(String::as_str).collect();
        let crates: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let is_path = |path: &str| self.workspace.root.join(path).exists();
        let known =
            commands::Known { xtask, binaries: &binaries, crates: &crates, is_path: &is_path };
        let check = |path| self.document(path, &|text| commands::check(path, text, &known));
        MANUALS.into_iter().flat_map(check).collect()
    }

    fn invariants(&self) -> Vec<Finding> {
        let exists = |name: &str| self.is_check(name);
        self.document(ARCHITECTURE, &|text| invariants::check(ARCHITECTURE, text, &exists))
    }

    fn document(&self, path: &str, check: &dyn Fn(&str) -> Vec<Finding>) -> Vec<Finding> {
        match self.text(path) {
            Some(text) => check(text),
            None => vec![Finding::new(path, "is missing")],
        }
    }

    /// Whether something of this name can guard an invariant.
    fn is_check(&self, name: &str) -> bool {
        if let Some(words) = name.strip_prefix("cargo xtask ") {
            return Cli::accepts(&words.split(' ').collect::<Vec<_>>()).is_ok();
        }
        let is_function = || self.rust().any(|source| invariants::defines(&source.text, name));
        let is_path = || !name.is_empty() && self.workspace.root.join(name).exists();
        self.is_lint(name) || is_function() || is_path()
    }

    /// Whether this is a lint that the workspace sets, or a call that it bans.
    fn is_lint(&self, name: &str) -> bool {
        let lint = format!("\n{} = ", name.trim_start_matches("clippy::"));
        let ban = format!("path = \"{name}\"");
        let holds = |path, what: &str| self.text(path).is_some_and(|text| text.contains(what));
        holds("Cargo.toml", &lint) || holds("clippy.toml", &ban)
    }

    fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is_rust())
    }

    fn text(&self, path: &str) -> Option<&str> {
        let source = self.sources.iter().find(|source| source.path == path);
        source.map(|source| source.text.as_str())
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.workspace.root).unwrap_or(path).display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> Repository {
        Repository::load(&Here::discover().root).expect("this repository")
    }

    #[test]
    fn knows_what_can_guard_an_invariant() {
        let repository = repository();
        for name in [
            "cargo xtask tidy",
            "knows_what_can_guard_an_invariant",
            "clippy::unwrap_used",
            "unsafe_code",
            "std::time::Instant::now",
            "deny.toml",
        ] {
            assert!(repository.is_check(name), "{name}");
        }
        for name in ["cargo xtask tdiy", "no_such_test", "clippy::no_such_lint", ""] {
            assert!(!repository.is_check(name), "{name}");
        }
    }

    #[test]
    fn a_document_that_is_missing_is_a_finding() {
        let findings = repository().document("NO_SUCH.md", &|_| vec![]);
        assert_eq!(findings, [Finding::new("NO_SUCH.md", "is missing")]);
    }
}
