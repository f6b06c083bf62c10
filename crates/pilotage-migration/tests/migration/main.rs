//! What this crate promises, over its public interface.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail tests, and print the figures of the corpus"
)]

mod corpus;
mod input;
mod labels;
mod lint;
mod mariadb;
mod peer;
mod render;
mod server;
mod set;

use pilotage_migration::lint::{FileReport, Linter, Options};
use pilotage_migration::set::Content;

/// The ids of the rules that a file of this name and text runs into.
fn found(server: &str, name: &str, text: &str) -> Vec<&'static str> {
    file(server, name, text).findings.iter().map(|finding| finding.rule.id).collect()
}

/// The report of one file.
fn file(server: &str, name: &str, text: &str) -> FileReport {
    lint(server, &[(name, text)]).remove(0)
}

/// The reports of files that are not applied together.
fn lint(server: &str, files: &[(&str, &str)]) -> Vec<FileReport> {
    let options = options(server);
    let mut linter = Linter::new(options);
    for (name, text) in files {
        linter.file(name, &Content::Whole(text.as_bytes().to_vec()));
    }
    linter.finish().files
}

fn options(server: &str) -> Options {
    let server = server.parse().expect("a known server");
    Options { server, applied_together: false, running: None }
}
