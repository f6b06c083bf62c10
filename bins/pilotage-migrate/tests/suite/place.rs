//! A folder in which the binary is run, as a CI job runs it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use pilotage_testkit::wait::until;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

/// What would make the binary speak to a CI system.
const SURROUNDINGS: [&str; 5] = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "PILOTAGE_TICKET", "USER"];

/// A folder with a state folder of its own.
#[derive(Debug)]
pub(crate) struct Place {
    folder: TempDir,
}

/// What a command has left.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    #[expect(clippy::disallowed_methods, reason = "a test reads what programs have left")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The binary with these arguments.
    #[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-migrate"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        for name in SURROUNDINGS {
            command.env_remove(name);
        }
        command.env("XDG_STATE_HOME", self.path("state"));
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Left {
        Left::of(self.command(args).output().expect("it runs"))
    }

    /// Runs a shell script under this verb.
    pub(crate) fn script(&self, args: &[&str], script: &str) -> Left {
        self.run(&[args, &["--", "sh", "-c", script]].concat())
    }

    /// Starts it; what it says goes to a file of this name.
    pub(crate) fn start(&self, said: &str, args: &[&str]) -> Started {
        self.start_with(said, args, &[])
    }

    /// The same, with variables.
    pub(crate) fn start_with(&self, said: &str, args: &[&str], with: &[(&str, &str)]) -> Started {
        let mut command = self.command(args);
        command.envs(with.iter().copied());
        self.start_command(said, command)
    }

    /// The same for a command that was made already.
    pub(crate) fn start_command(&self, said: &str, mut command: Command) -> Started {
        let file = self.create(said);
        command.stdout(file.try_clone().expect("a file")).stderr(file);
        Started { child: command.spawn().expect("it starts") }
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn create(&self, name: &str) -> std::fs::File {
        std::fs::File::create(self.path(name)).expect("a file")
    }

    /// Waits until a file of this name holds this text.
    pub(crate) fn wait_for(&self, name: &str, text: &str) {
        until(
            &format!("`{text}` in {name}"),
            || self.read(name).contains(text),
            || self.read(name),
        );
    }

    /// All that is kept in files below the state folder.
    pub(crate) fn kept(&self) -> String {
        let mut all = String::new();
        gather(&self.path("state"), &mut all);
        all
    }
}

#[expect(clippy::disallowed_methods, reason = "a test reads what programs have left")]
fn gather(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, all);
        } else {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()));
        }
    }
}

impl Left {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Both streams.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    #[track_caller]
    pub(crate) fn expect(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.all());
        for word in words {
            assert!(self.all().contains(word), "`{word}` in {}", self.all());
        }
        self
    }
}

/// The binary at work. It is killed with the test.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
}

impl Started {
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = kill_process(pid(self.child.id()), signal);
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let child = &mut self.child;
        let mut code = None;
        let ended = || match child.try_wait().expect("it can be waited for") {
            Some(status) => {
                code = status.code();
                true
            }
            None => false,
        };
        until("its end", ended, String::new);
        code
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a process of this number is there.
pub(crate) fn is_there(number: &str) -> bool {
    number.trim().parse().is_ok_and(|number| test_kill_process(pid(number)).is_ok())
}

fn pid(number: u32) -> Pid {
    Pid::from_raw(i32::try_from(number).expect("a number")).expect("a process")
}
