//! The `git` command: the one place of this crate that starts a process.
//!
//! It never asks a person anything, and is ended when it does not answer in time.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::{Bar, GitError};

/// How long one command may take: a push of one commit and one tag, over a slow line.
const PATIENCE: Duration = Duration::from_mins(2);

/// How much of a failed command's last words an error repeats.
const LAST_LINES: usize = 8;

/// Runs `git` in a folder.
#[derive(Debug, Clone)]
pub struct Git {
    folder: PathBuf,
}

impl Git {
    /// For the repository that this folder is in.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.into() }
    }

    /// Runs to the end and gives standard output.
    pub fn run(&self, args: &[&str]) -> Result<String, GitError> {
        let command = format!("git {}", args.join(" "));
        let mut child = self
            .spawn(args)
            .map_err(|source| GitError::Start { command: command.clone(), source })?;
        let (out, err) = (listen(child.stdout.take()), listen(child.stderr.take()));
        let (Some(out), Some(err)) = (heard(&out), heard(&err)) else {
            end(&mut child);
            return Err(GitError::TimedOut { command, after: PATIENCE });
        };
        let start = |source| GitError::Start { command: command.clone(), source };
        let status = child.wait().map_err(start)?;
        if status.success() {
            return Ok(out);
        }
        Err(failure(command, &status.to_string(), &err))
    }

    #[expect(clippy::disallowed_methods, reason = "the process adapter of the git crate")]
    fn spawn(&self, args: &[&str]) -> std::io::Result<Child> {
        Command::new("git")
            .args(args)
            .current_dir(&self.folder)
            // Nobody is there to answer, and messages are read by a program.
            .env("GIT_TERMINAL_PROMPT", "0")
            // Else ssh opens the terminal itself, to ask for a passphrase or about a host; a program
            // that somebody has named in `SSH_ASKPASS` may answer.
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env("LC_ALL", "C")
            // The folder says which repository it is; a hook that calls this may say otherwise.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Reads a pipe to its end, beside whatever else happens.
fn listen(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (tell, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _cut_short = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        // Whoever waited may have given up by now.
        let _nobody = tell.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    heard
}

fn heard(words: &Receiver<String>) -> Option<String> {
    words.recv_timeout(PATIENCE).ok()
}

/// Ends the process by its own handle; one that has ended already is fine.
fn end(child: &mut Child) {
    let _ended = child.kill();
    let _reaped = child.wait();
}

fn failure(command: String, status: &str, err: &str) -> GitError {
    if let Some(path) = err.split("safe.directory ").nth(1).and_then(|rest| rest.lines().next()) {
        return GitError::Foreign { path: path.trim().trim_matches('\'').into() };
    }
    let lines: Vec<&str> = err.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
    let said = last.join("; ");
    match Bar::of(err) {
        Some(bar) => GitError::Barred { command, bar, said },
        None => GitError::Command { command, status: status.into(), said },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_git_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = Git::new(folder.path());
        assert!(git.run(&["--version"]).expect("git is there").starts_with("git version"));
        let error = git.run(&["rev-parse", "HEAD"]).expect_err("no repository").to_string();
        assert!(error.contains("git rev-parse HEAD") && error.contains("not a git"), "{error}");
    }

    #[test]
    fn a_checkout_of_somebody_else_is_named_with_the_command() {
        let said = "fatal: detected dubious ownership in repository at '/w/a b'\n\
                    To add an exception for this directory, call:\n\n\
                    \tgit config --global --add safe.directory '/w/a b'\n";
        let error = failure("git push".into(), "exit status: 128", said).to_string();
        assert!(error.contains("git config --global --add safe.directory /w/a b"), "{error}");
    }
}
