//! The files of the repository, read once for all rules.

use std::path::Path;

use crate::{Error, files};

/// The ends of names of files that are text and are written by hand.
const TEXT: [&str; 8] = [".rs", ".md", ".toml", ".yml", ".yaml", ".txt", ".sh", "run"];

/// A file of the repository.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path from the root of the repository, with `/` between its parts.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// Whether this is Rust.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    /// Whether the whole file is there for tests.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
    }
}

/// Reads every text file under `root`, without what is built and what belongs to git.
pub fn load(root: &Path) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    for path in files::walk(root, &is_kept)? {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let relative = parts.join("/");
        if TEXT.iter().any(|end| relative.ends_with(end)) {
            sources.push(Source { path: relative, text: files::read(&path)? });
        }
    }
    Ok(sources)
}

fn is_kept(name: &str) -> bool {
    let hidden = name.starts_with('.') && !matches!(name, ".ci" | ".github" | ".cargo");
    !hidden && name != "target" && !name.starts_with("mutants.out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_that_people_write_and_nothing_else() {
        let root = tempfile::tempdir().expect("a folder");
        for path in [".ci/run", ".git/HEAD.md", "a/src/lib.rs", "target/x.rs", "logo.png"] {
            files::write(&root.path().join(path), "text").expect("written");
        }
        let sources = load(root.path()).expect("read");
        let paths: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths, [".ci/run", "a/src/lib.rs"]);
    }

    #[test]
    fn knows_files_that_are_all_tests() {
        let source = |path: &str| Source { path: path.into(), text: String::new() };
        assert!(source("crates/a/tests/crash.rs").is_test());
        assert!(source("crates/a/src/x/tests.rs").is_test());
        assert!(!source("crates/a/src/testsuite.rs").is_test());
    }
}
