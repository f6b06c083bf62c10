//! Docker's credential helpers: programs that are asked for a password.

use core::fmt::Debug;
use core::time::Duration;
use std::io;
use std::process::Stdio;

use async_trait::async_trait;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

/// A person may have to unlock something, but not for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a helper said, and whether it succeeded.
#[derive(Debug, Clone)]
pub struct HelperSaid {
    /// Whether it ended with success.
    pub succeeded: bool,
    /// Its standard output: a secret where it succeeded.
    pub output: Vec<u8>,
}

/// Whoever runs credential helpers.
///
/// # Contract
///
/// - Runs `<program> get` with the name of the server as its input, within a minute.
/// - **Cancellation.** Dropping `get` ends the program.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Helper: Debug + Send + Sync {
    /// Asks a helper for the credentials of a server.
    async fn get(&self, program: &str, server: &str) -> io::Result<HelperSaid>;
}

/// The helpers that are installed on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Installed;

#[async_trait]
impl Helper for Installed {
    async fn get(&self, program: &str, server: &str) -> io::Result<HelperSaid> {
        timeout(PATIENCE, ask(program, server)).await.map_err(io::Error::from)?
    }
}

async fn ask(program: &str, server: &str) -> io::Result<HelperSaid> {
    let mut child = command(program).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that ends without reading has said what it had to say.
        let _unread = input.write_all(server.as_bytes()).await;
    }
    let output = child.wait_with_output().await?;
    Ok(HelperSaid { succeeded: output.status.success(), output: output.stdout })
}

#[expect(clippy::disallowed_methods, reason = "the one place that starts credential helpers")]
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.kill_on_drop(true);
    command
}
