//! The commands that documents tell people to type are commands that exist.
//!
//! Every line that begins with `$ ` in a fenced block marked `console` is read. A `cargo xtask`
//! line goes through the real argument parser; a line that runs or installs a binary must name
//! one that exists; any other cargo command must be a known one. The commands are *not executed*,
//! and what a document shows as their output is not compared.

use super::Finding;

/// What documents may refer to.
pub struct Known<'a> {
    /// The argument parser of the task runner; the error is shown.
    pub xtask: &'a dyn Fn(&[&str]) -> Result<(), String>,
    /// The binaries of the workspace.
    pub binaries: &'a [&'a str],
    /// The crates of the workspace.
    pub crates: &'a [&'a str],
    /// Whether a path exists in the repository.
    pub is_path: &'a dyn Fn(&str) -> bool,
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { binaries, crates, .. } = self;
        f.debug_struct("Known").field("binaries", binaries).field("crates", crates).finish()
    }
}

const CARGO: [&str; 10] =
    ["build", "check", "clippy", "deny", "doc", "fmt", "install", "mutants", "run", "test"];

/// Checks the commands of one document.
pub fn check(path: &str, markdown: &str, known: &Known<'_>) -> Vec<Finding> {
    let check = |(line, command): (usize, &str)| {
        let quoted = command.split_whitespace().skip_while(|word| sets(word));
        let words: Vec<&str> = quoted.map(|word| word.trim_matches('\'')).collect();
        let problem = known.check(&words).err()?;
        Some(Finding::at_line(path, line, format!("`{command}`: {problem}")))
    };
    lines(markdown).into_iter().filter_map(check).collect()
}

/// Each command of each `console` block, with its line; `a && b` is two.
pub fn lines(markdown: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut commands = Vec::new();
    for (index, line) in markdown.lines().enumerate() {
        match (line.trim().strip_prefix("```"), line.trim().strip_prefix("$ ")) {
            (Some(info), _) => inside = !inside && info.trim() == "console",
            (None, Some(typed)) if inside => {
                let typed = typed.split(" #").next().unwrap_or(typed);
                let parts = typed.split("&&").filter_map(|part| part.split(['|', '>']).next());
                commands.extend(parts.map(|part| (index + 1, part.trim())));
            }
            _ => {}
        }
    }
    commands
}

fn sets(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

impl Known<'_> {
    fn check(&self, words: &[&str]) -> Result<(), String> {
        match words {
            ["cargo", "xtask", arguments @ ..] => (self.xtask)(arguments),
            ["cargo", command, arguments @ ..] if CARGO.contains(command) => {
                self.check_cargo(command, arguments)
            }
            ["cargo", command, ..] => Err(format!("`cargo {command}` is not a known command")),
            _ => Ok(()),
        }
    }

    fn check_cargo(&self, command: &str, arguments: &[&str]) -> Result<(), String> {
        let own = arguments.split(|word| *word == "--").next().unwrap_or_default();
        for pair in own.windows(2) {
            match *pair {
                ["--bin", name] if !self.binaries.contains(&name) => {
                    return Err(format!("there is no binary `{name}`"));
                }
                ["-p" | "--package", name] if !self.crates.contains(&name) => {
                    return Err(format!("there is no crate `{name}`"));
                }
                ["--path", path] if command == "install" && !(self.is_path)(path) => {
                    return Err(format!("there is no folder `{path}`"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(markdown: &str) -> Vec<String> {
        let xtask = |words: &[&str]| match words {
            ["test"] => Ok(()),
            _ => Err("unrecognised subcommand".to_owned()),
        };
        let is_path = |path: &str| path == "bins/tool";
        let known =
            Known { xtask: &xtask, binaries: &["tool"], crates: &["tool"], is_path: &is_path };
        check("README.md", markdown, &known).iter().map(ToString::to_string).collect()
    }

    fn console(line: &str) -> String {
        format!("Text\n```console\n$ {line}\noutput\n```\n")
    }

    #[test]
    fn commands_that_exist_are_fine() {
        for line in [
            "cargo xtask test",
            "RUST_LOG=debug cargo test -p tool -- --bin nonsense",
            "cargo run --release --bin tool -- plan | head",
            "cargo install --path bins/tool && tool --help",
            "cargo xtask test  # takes a minute",
        ] {
            assert_eq!(said(&console(line)), [""; 0], "{line}");
        }
    }

    #[test]
    fn commands_that_do_not_exist_are_found_at_their_line() {
        for (line, problem) in [
            ("cargo xtask tset", "unrecognised subcommand"),
            ("cargo run --bin tol -- plan", "there is no binary `tol`"),
            ("cargo test && cargo xtask tset", "unrecognised subcommand"),
            ("cargo install --path bins/tol", "there is no folder"),
            ("cargo test -p tol", "there is no crate"),
            ("cargo frobnicate", "is not a known command"),
        ] {
            let found = said(&console(line));
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            assert!(
                found[0].starts_with("README.md:3: ") && found[0].contains(problem),
                "{found:?}"
            );
        }
    }

    #[test]
    fn other_blocks_are_left_alone() {
        assert!(said("```sh\n$ cargo frobnicate\n```\n$ cargo frobnicate\n").is_empty());
    }
}
