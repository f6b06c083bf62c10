//! A CI runner as a step sees it: it starts one process, and cancels that process alone.
//!
//! Signals go to the process that the runner started and to nobody else; whether they reach the
//! program behind it depends on what stands in between. A shell puts an interrupt off until its
//! child has ended, and a script host that is interrupted just ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::error::Trouble;

/// How the script of a step is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// The runner's own child is the shell.
    GitHubActions,
    /// The runner's own child is a script host, whose child is the shell.
    AzureDevOps,
}

/// How long the runner waits after each signal before the next.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// After the interrupt.
    pub interrupt: Duration,
    /// After the termination.
    pub terminate: Duration,
}

impl Default for Patience {
    /// What both runners have in their sources.
    fn default() -> Self {
        let millis = Duration::from_millis;
        Self { interrupt: millis(7_500), terminate: millis(2_500) }
    }
}

/// What a task of Azure DevOps is: a script that starts the shell and passes its code on.
const HOST: &str = "require('child_process')
    .spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', process.argv[1]], {stdio: 'inherit'})
    .on('exit', code => process.exit(code === null ? 1 : code))";

/// A step that runs.
#[derive(Debug)]
pub struct Step(Child);

impl Runner {
    /// Starts the script in its folder.
    pub fn start(self, script: &Path) -> Result<Step, Trouble> {
        let mut command = match self {
            Self::GitHubActions => command("bash"),
            Self::AzureDevOps => command("node"),
        };
        match self {
            Self::GitHubActions => command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]),
            Self::AzureDevOps => command.args(["-e", HOST]),
        };
        if let Some(folder) = script.parent() {
            command.current_dir(folder);
        }
        command.arg(script).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = command.kill_on_drop(true).spawn();
        started.map(Step).map_err(Trouble::when(format!("{self:?} cannot start a step")))
    }

    /// Whether this machine has what the runner would start.
    pub async fn is_here(self) -> bool {
        let program = match self {
            Self::GitHubActions => "bash",
            Self::AzureDevOps => "node",
        };
        command(program).arg("--version").stdout(Stdio::null()).status().await.is_ok()
    }
}

impl Step {
    /// Cancels the step as the runner does: interrupt, terminate, kill, each only if the one
    /// before has not ended it in time.
    pub async fn cancel(&mut self, patience: Patience) -> Result<ExitStatus, Trouble> {
        for (signal, wait) in
            [(Signal::INT, patience.interrupt), (Signal::TERM, patience.terminate)]
        {
            self.signal(signal)?;
            if let Ok(ended) = timeout(wait, self.0.wait()).await {
                return ended.map_err(Trouble::when("the step cannot be waited for"));
            }
        }
        self.0.kill().await.map_err(Trouble::when("the step cannot be killed"))?;
        self.0.wait().await.map_err(Trouble::when("the step cannot be waited for"))
    }

    fn signal(&self, signal: Signal) -> Result<(), Trouble> {
        let pid = self.0.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        let pid =
            pid.ok_or_else(|| Trouble::otherwise("the step ended before it was cancelled"))?;
        kill_process(pid, signal)
            .map_err(|error| Trouble::when("the step cannot be signalled")(error.into()))
    }
}

#[expect(clippy::disallowed_methods, reason = "a runner starts processes")]
fn command(program: &str) -> Command {
    Command::new(program)
}
