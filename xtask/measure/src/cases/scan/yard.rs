//! What is searched for its speed: files of the kinds that a repository of services holds, and a
//! history of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, files};

const FILES: usize = 3_000;
const LINES: usize = 140;
const COMMITS: usize = 2_000;
/// How many files the history has, and lines each of them.
const KEPT: usize = 200;

/// A folder of files, and a repository.
#[derive(Debug)]
pub(super) struct Yard {
    pub(super) files: PathBuf,
    pub(super) about: String,
    pub(super) history: PathBuf,
    pub(super) about_history: String,
    /// The first commit.
    pub(super) base: String,
}

impl Yard {
    pub(super) fn make(folder: &Path) -> Result<Self, Error> {
        let (files, history) = (folder.join("files"), folder.join("history"));
        let mut bytes = 0;
        for number in 0..FILES {
            let text = text(number, LINES);
            bytes += text.len();
            files::write(&files.join(path(number)), &text)?;
        }
        let base = commit(&history)?;
        let about = format!("{FILES} files, {} MB", bytes / 1_000_000);
        let about_history = format!("{COMMITS} commits to {KEPT} files");
        Ok(Self { files, about, history, about_history, base })
    }
}

fn path(number: usize) -> String {
    let name = [
        "task-definition.json",
        "compose.yaml",
        "manifest.yaml",
        "pipeline.yml",
        "app.env",
        "main.rs",
    ];
    format!("service-{}/{}", number / name.len(), name[number % name.len()])
}

/// References where secrets belong, and all that looks a little like one; one secret in a hundred
/// files.
fn text(number: usize, lines: usize) -> String {
    let mut text = String::new();
    for line in 0..lines {
        let mark = (number * 131 + line) as u128;
        let hash = mark.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let _infallible = match (number + line) % 8 {
            0 => writeln!(text, "  DB_PASSWORD: ${{{{ secrets.DB_PASSWORD_{line} }}}}"),
            1 => writeln!(text, "      - uses: actions/checkout@{hash:032x}"),
            2 => writeln!(text, "    let total_{line} = orders.iter().map(Order::net).sum();"),
            3 => {
                writeln!(text, "{{\"name\": \"API_KEY\", \"valueFrom\": \"arn:aws:ssm:{line}\"}},")
            }
            4 => writeln!(text, "# what service {number} does when it is asked for line {line}"),
            5 => writeln!(text, "image: registry.internal/app@sha256:{hash:032x}{hash:032x}"),
            6 => writeln!(text, "https://service-{number}.internal/api/v1/items/{line}?page=2"),
            _ => writeln!(text, "    assert_eq!(parsed.token, expected.token, \"{line}\");"),
        };
    }
    if number.is_multiple_of(100) {
        let _infallible = writeln!(text, "SMTP_PASSWORD=q{number}-Zt7vKx2p");
    }
    text
}

/// A repository whose every commit changes some lines of one file; the id of its first commit.
fn commit(folder: &Path) -> Result<String, Error> {
    let git = |args: &[&str]| Cmd::new("git").args(args.iter().copied()).folder(folder);
    let mut stream = String::new();
    for number in 0..COMMITS {
        let file = number % KEPT;
        let mut text = text(file, LINES);
        let _infallible = writeln!(text, "change {number}: {}", number * 7919);
        let _infallible = write!(
            stream,
            "commit refs/heads/main\ncommitter a <a@b.invalid> {} +0000\ndata 6\nchange\n\
             M 644 inline {}\ndata {}\n{text}\n",
            1_700_000_000 + number,
            path(file),
            text.len()
        );
    }
    let input = folder.join("stream");
    files::write(&input, &stream)?;
    git(&["init", "--quiet", "--initial-branch=main"]).output()?;
    git(&["fast-import", "--quiet"]).input(&input).output()?;
    files::remove(&input)?;
    let first = git(&["rev-list", "--max-parents=0", "main"]).output()?;
    Ok(first.trim().to_owned())
}
