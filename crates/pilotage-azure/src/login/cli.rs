//! A person who has signed in on the command line.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use pilotage_rollout::{Moment, Span};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

use super::{AccessToken, Login, Resource};
use crate::Error;

/// How long the command may take: it is a Python program that may renew a token.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of what it says is repeated.
const LONGEST: usize = 300;

/// Whoever has signed in with `az login`.
#[derive(Debug, Clone)]
pub struct CommandLine {
    program: PathBuf,
    tenant: Option<String>,
}

/// What the command prints.
#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "accessToken")]
    token: SecretString,
    /// Seconds since the epoch; commands before 2.54 print a local time instead, which is not
    /// read.
    expires_on: u64,
}

impl CommandLine {
    /// The command `az` on the path, in this tenant.
    pub fn new(tenant: Option<String>) -> Self {
        Self { program: "az".into(), tenant }
    }

    /// The same, by another program.
    pub fn by(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = program.into();
        self
    }

    fn arguments(&self, resource: &Resource) -> Vec<String> {
        let fixed = ["account", "get-access-token", "--output", "json", "--resource"];
        let mut arguments: Vec<String> = fixed.map(String::from).into();
        arguments.push(resource.to_string());
        let tenant = self.tenant.iter().flat_map(|tenant| ["--tenant".to_owned(), tenant.clone()]);
        arguments.extend(tenant);
        arguments
    }

    async fn run(&self, arguments: &[String]) -> Result<Vec<u8>, String> {
        let mut command = command(&self.program);
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        let ended = timeout(PATIENCE, command.output()).await;
        let ended = ended.map_err(|_| format!("it did not end within {} s", PATIENCE.as_secs()))?;
        let output = ended.map_err(|why| why.to_string())?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty());
        let said: String = last.unwrap_or("it said nothing").chars().take(LONGEST).collect();
        Err(format!("{}, {said}", output.status))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that runs the command line of Azure")]
fn command(program: &PathBuf) -> Command {
    Command::new(program)
}

#[async_trait]
impl Login for CommandLine {
    async fn token(&self, resource: &Resource) -> Result<AccessToken, Error> {
        let arguments = self.arguments(resource);
        let failed = |why| Error::CommandLine {
            command: format!("{} {}", self.program.display(), arguments.join(" ")),
            why,
        };
        let printed = self.run(&arguments).await.map_err(failed)?;
        // The reason of a failure to read is not repeated, for it may quote the token.
        let printed: Printed = serde_json::from_slice(&printed).map_err(|_| {
            failed("it printed no token with `expires_on`; 2.54 or newer does".into())
        })?;
        let ends = Moment::default() + Span::from_secs(printed.expires_on);
        Ok(AccessToken { secret: printed.token, ends })
    }
}
