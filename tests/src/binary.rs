//! The `pilotage` binary in a place, as a CI job uses it.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use pilotage_rollout::Share;
use tokio::process::{Child, Command};

use crate::error::Trouble;
use crate::place::Place;

/// Units of each release.
pub const UNITS: u16 = 2;

/// What would make the binary speak to a CI system, and with it the load of this one.
const SURROUNDINGS: [&str; 5] =
    ["CI", "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "TF_BUILD"];

/// What a command left behind.
#[derive(Debug)]
pub struct Left {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it said to people.
    pub said: String,
}

impl Place {
    /// Writes the configuration for deploys by this strategy.
    #[expect(clippy::disallowed_methods, reason = "nobody reads it meanwhile")]
    pub fn configure(&self, strategy: &str) -> Result<PathBuf, Trouble> {
        let (program, args) = (self.pilotage().to_string_lossy(), self.service_arguments());
        let text = format!(
            r#"service = "shop"

[env.local]
size = {UNITS}
health = {{ good = 1, of = 1, interval = "50ms", max_age = "10s" }}
limits = {{ poll = "20ms", drain = "150ms" }}
strategy.{strategy}

[env.local.target]
kind = "local"
directory = "service"
listen = "127.0.0.1:0"

[env.local.artifact]
program = {program:?}
args = {args:?}
health = "/health"
"#
        );
        let path = self.home().join("pilotage.toml");
        std::fs::write(&path, text)
            .map_err(Trouble::when("the configuration cannot be written"))?;
        Ok(path)
    }

    /// Starts a verb.
    pub fn start(&self, line: &str) -> Result<Child, Trouble> {
        let started = self.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        started.map_err(Trouble::when(format!("`{line}` cannot be started")))
    }

    /// Runs a verb to its end.
    pub async fn run(&self, line: &str) -> Result<Left, Trouble> {
        let output = self.command(line).output().await;
        let Output { status, stderr, .. } =
            output.map_err(Trouble::when(format!("`{line}` cannot be run")))?;
        let said = String::from_utf8_lossy(&stderr).into_owned();
        Ok(Left { code: status.code(), said })
    }

    /// Runs a verb that must end with this code.
    pub async fn expect(&self, line: &str, code: i32) -> Result<Left, Trouble> {
        let left = self.run(line).await?;
        if left.code == Some(code) {
            return Ok(left);
        }
        Err(Trouble::otherwise(format!("`{line}` ended with {left:?} instead of {code}")))
    }

    #[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(self.pilotage());
        command.args(line.split_whitespace()).current_dir(self.home());
        command.stdin(Stdio::null()).kill_on_drop(true);
        for name in SURROUNDINGS {
            command.env_remove(name);
        }
        command
    }

    /// The one release that serves with all its units and all the traffic, or what there is
    /// instead.
    pub async fn serves_wholly(&self) -> Result<Result<String, String>, Trouble> {
        let seen = self.client().observe().await?;
        let live: Vec<_> = seen.groups.iter().filter(|group| group.is_live()).collect();
        Ok(match live.as_slice() {
            [only] if only.share == Share::ALL && only.ready == UNITS && only.desired == UNITS => {
                Ok(only.release.id.as_str().to_owned())
            }
            _ => Err(format!("{:?}", seen.groups)),
        })
    }
}
