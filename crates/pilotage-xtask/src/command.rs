//! A program to run, and a clear word when it fails.
//!
//! This is the one place of the task runner that starts processes. A program that is waited for
//! gets no input but a file that it is given, runs in its own process group and is ended when the task is interrupted (see
//! [`crate::interrupt`]), unless it is there to clean up. Commands are argument lists: nothing passes through a shell.

use std::ffi::OsStr;
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::Error;
use crate::interrupt::{self, Foreground};

/// How much of a failed program's last words an error repeats.
const LAST_LINES: usize = 12;

/// A command line with its environment, ready to run any number of times.
#[derive(Debug, Clone)]
pub struct Cmd {
    program: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
    folder: Option<PathBuf>,
    input: Option<PathBuf>,
    hint: String,
    for_cleanup: bool,
}

impl Cmd {
    /// A program by name (found on `PATH`) or by path.
    pub fn new(program: impl Into<String>) -> Self {
        let program = program.into();
        let hint = format!("install `{program}` or put it on `PATH`");
        Self {
            program,
            args: Vec::new(),
            env: Vec::new(),
            folder: None,
            input: None,
            hint,
            for_cleanup: false,
        }
    }

    /// Adds arguments.
    pub fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable for the program.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Runs the program in this folder.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_path_buf());
        self
    }

    /// Gives the program this file to read.
    pub fn input(mut self, file: &Path) -> Self {
        self.input = Some(file.to_path_buf());
        self
    }

    /// Says what to do when the program is missing.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Lets the program run also when the task has been interrupted, because it cleans up.
    ///
    /// It should be short: a person who pressed Ctrl-C waits for it.
    pub fn for_cleanup(mut self) -> Self {
        self.for_cleanup = true;
        self
    }

    /// Runs to the end, with the program's words passed on as they come.
    pub fn run(&self) -> Result<(), Error> {
        let (mut child, foreground) = self.start(Stdio::inherit(), Stdio::inherit())?;
        let status = self.ended(child.wait(), foreground.as_ref())?;
        self.succeeded(status, String::new())
    }

    /// Runs to the end and gives standard output; what was said on standard error is in the error.
    pub fn output(&self) -> Result<String, Error> {
        let (child, foreground) = self.start(Stdio::piped(), Stdio::piped())?;
        let output = self.ended(child.wait_with_output(), foreground.as_ref())?;
        let said = last_words(&String::from_utf8_lossy(&output.stderr));
        self.succeeded(output.status, said)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs to the end, gives each line of standard output as it comes, and says whether it succeeded.
    pub fn each_line(
        &self,
        mut on_line: impl FnMut(&str) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let (mut child, foreground) = self.start(Stdio::piped(), Stdio::inherit())?;
        let mut heard = Ok(());
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                heard = heard.and_then(|()| on_line(&String::from_utf8_lossy(&line)));
            }
        }
        let status = self.ended(child.wait(), foreground.as_ref())?;
        heard.map(|()| status.success())
    }

    /// Becomes the program, with its words, signals and exit code; comes back only if that failed.
    pub fn replace(&self) -> Error {
        self.failed(self.command().exec())
    }

    /// Starts the program and leaves it running: who calls this keeps its id and stops it.
    pub(crate) fn leave_running(&self, out: Stdio, err: Stdio) -> Result<Child, Error> {
        self.spawn(out, err)
    }

    fn start(&self, out: Stdio, err: Stdio) -> Result<(Child, Option<Foreground>), Error> {
        let child = self.spawn(out, err)?;
        let foreground = (!self.for_cleanup).then(|| Foreground::new(child.id()));
        Ok((child, foreground))
    }

    #[expect(clippy::disallowed_methods, reason = "the process adapter of the task runner")]
    fn spawn(&self, out: Stdio, err: Stdio) -> Result<Child, Error> {
        let input = match &self.input {
            Some(file) => File::open(file).map_err(|source| self.failed(source))?.into(),
            None => Stdio::null(),
        };
        let mut command = self.command();
        command.stdin(input).stdout(out).stderr(err).process_group(0);
        command.spawn().map_err(|source| self.failed(source))
    }

    #[expect(clippy::disallowed_methods, reason = "the process adapter of the task runner")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::Start { command: self.to_string(), hint: self.hint.clone(), source }
    }

    fn ended<T>(&self, end: std::io::Result<T>, running: Option<&Foreground>) -> Result<T, Error> {
        if running.is_some() && interrupt::raised() {
            return Err(Error::Interrupted { during: self.to_string() });
        }
        end.map_err(|source| Error::Start {
            command: self.to_string(),
            hint: "waiting for it failed".into(),
            source,
        })
    }

    fn succeeded(&self, status: ExitStatus, said: String) -> Result<(), Error> {
        if status.success() {
            return Ok(());
        }
        Err(Error::Ended { command: self.to_string(), status: status.to_string(), said })
    }
}

impl Display for Cmd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = Path::new(&self.program).file_name().and_then(OsStr::to_str);
        f.write_str(name.unwrap_or(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {arg}"))
    }
}

fn last_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(": {}", last.join("\n  ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Cmd {
        Cmd::new("sh").args(["-c", script])
    }

    #[test]
    fn gives_what_was_printed() {
        let printed = sh("echo $GREETING").env("GREETING", "hello").output().expect("ran");
        assert_eq!(printed, "hello\n");
    }

    #[test]
    fn a_failure_carries_the_last_words_of_the_program() {
        let error = sh("echo the disk is full >&2; exit 3").output().expect_err("it exits with 3");
        let text = error.to_string();
        assert!(text.contains("exit status: 3"), "{text}");
        assert!(text.contains("the disk is full"), "{text}");
    }

    #[test]
    fn a_missing_program_says_what_to_install() {
        let missing = Cmd::new("pilotage-no-such-program").hint("install it with `apt`");
        let text = missing.run().expect_err("there is no such program").to_string();
        assert!(text.contains("install it with `apt`"), "{text}");
    }

    #[test]
    fn gives_each_line_and_tells_failure_from_success() {
        let mut lines = Vec::new();
        let mut keep = |line: &str| {
            lines.push(line.to_owned());
            Ok(())
        };
        assert!(sh("echo a; printf b").each_line(&mut keep).expect("ran"));
        assert!(!sh("echo c; exit 1").each_line(&mut keep).expect("ran"));
        assert_eq!(lines, ["a", "b", "c"]);
    }

    #[test]
    fn only_the_end_of_a_long_complaint_is_repeated() {
        let long = (0..100).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        let said = last_words(&long);
        assert!(said.contains("line 99") && !said.contains("line 80"), "{said}");
        assert_eq!(last_words(" \n"), "");
    }
}
