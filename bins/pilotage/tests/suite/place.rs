//! A directory with a configuration, and commands that are run in it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use pilotage_driver::role::{Clock, SystemClock};
use pilotage_host::directory::ServiceDirectory;
use pilotage_host::local::{CallError, Client};
use pilotage_host::wire::Fate;
use pilotage_rollout::Span;
use tempfile::TempDir;

pub(crate) const PILOTAGE: &str = env!("CARGO_BIN_EXE_pilotage");

/// The bundled service, replaced at once when it is healthy.
const AT_ONCE: &str = "blue-green = {}";

pub(crate) struct Place(TempDir);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// A place with a configuration that works.
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a directory"));
        place.configure(AT_ONCE, PILOTAGE, "");
        place
    }

    /// Writes the configuration, with more keys at the end of the table `target`.
    pub(crate) fn configure(&self, strategy: &str, program: &str, more: &str) {
        self.ship(strategy, program, &["demo-service"], more);
    }

    /// Writes the configuration of the bundled service with these options, and more tables.
    pub(crate) fn flawed(&self, strategy: &str, options: &[&str], more: &str) {
        let args: Vec<&str> = [&["demo-service"], options].concat();
        self.ship(strategy, PILOTAGE, &args, more);
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
    pub(crate) fn ship(&self, strategy: &str, program: &str, args: &[&str], more: &str) {
        let text = format!(
            r#"
service = "shop"

[env.local]
size = 1
health = {{ good = 1, of = 1, interval = "100ms", max_age = "10s" }}
limits = {{ poll = "50ms", prove = "8s" }}
strategy.{strategy}

[env.local.artifact]
program = {program:?}
args = {args:?}
health = "/health"

[env.local.target]
kind = "local"
directory = "service"
listen = "127.0.0.1:0"
{more}
"#
        );
        std::fs::write(self.0.path().join("pilotage.toml"), text).expect("written");
    }

    /// Replaces a part of the configuration.
    #[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
    pub(crate) fn replace(&self, old: &str, new: &str) {
        let path = self.0.path().join("pilotage.toml");
        let text = std::fs::read_to_string(&path).expect("there is one");
        assert!(text.contains(old), "`{old}` is not there");
        std::fs::write(path, text.replace(old, new)).expect("written");
    }

    /// The service directory, whose daemon may run or not.
    pub(crate) fn service(&self) -> ServiceDirectory {
        ServiceDirectory::at(self.path().join("service")).expect("a path")
    }

    /// Writes the configuration of a service that is this script.
    pub(crate) fn ship_script(&self, script: &str) {
        self.ship(AT_ONCE, "/bin/sh", &["-c", script], "");
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn run(&self, line: &str) -> Left {
        left(self.command(line).output().expect("it runs"))
    }

    /// Runs a command that must end with this code.
    pub(crate) fn expect(&self, line: &str, code: i32) -> Left {
        let left = self.run(line);
        assert_eq!(left.code, Some(code), "`{line}`: {left:?}");
        left
    }

    /// Starts a command, and waits until it has said this.
    pub(crate) fn until(&self, line: &str, said: &str) -> Child {
        let mut child = self.command(line).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let heard = lines.by_ref().map_while(Result::ok).any(|line| line.contains(said));
        assert!(heard, "`{line}` never said `{said}`");
        // Nobody else reads the rest, and a full pipe must not stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        child
    }

    /// Starts a command and lets it go on.
    pub(crate) fn start(&self, line: &str) -> Child {
        let mut command = self.command(line);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = command();
        command.current_dir(self.path()).args(line.split_whitespace()).stdin(Stdio::null());
        command
    }
}

impl Drop for Place {
    /// Ends the daemon and its units, if there are any; the directory goes only after them.
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Runtime::new() else { return };
        runtime.block_on(ended(&Client::new(self.service())));
    }
}

/// Asks the daemon to end until nobody answers any more. A machine with much to do may need to be
/// asked twice.
async fn ended(client: &Client) {
    let clock = SystemClock::new();
    for _ in 0..200 {
        match client.shutdown(Fate::Stop).await {
            Ok(())
            | Err(CallError::Unheard { .. } | CallError::Broken { .. } | CallError::Silent) => {}
            Err(_) => return,
        }
        clock.sleep(Span::from_millis(50)).await;
    }
}

/// The program, without what CI would tell it.
#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
pub(crate) fn command() -> Command {
    let mut command = Command::new(PILOTAGE);
    for name in ["GITHUB_ACTIONS", "TF_BUILD", "CI", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn left(output: Output) -> Left {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Left { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
