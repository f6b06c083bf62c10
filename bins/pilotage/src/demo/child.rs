//! A deploy in a process of its own, which is there to be killed.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

/// The number of SIGKILL, which is the same everywhere.
const KILL: i32 = 9;

/// The process; it ends at the latest when this value does.
#[derive(Debug)]
pub(super) struct Deploy(Child);

impl Deploy {
    #[expect(clippy::disallowed_methods, reason = "the demonstration kills a process of its own")]
    pub(super) fn begin(config: &Path, release: &str) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("deploy").arg("--config").arg(config).args(["--release", release]);
        // What it draws on a terminal could not be erased after its death.
        command.arg("--quiet").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.kill_on_drop(true).spawn().map(Self)
    }

    /// Kills it, and tells whether it was that which ended it.
    pub(super) async fn kill(&mut self) -> io::Result<bool> {
        self.0.start_kill()?;
        Ok(self.0.wait().await?.signal() == Some(KILL))
    }
}
