//! A network of its own, so that no port of a rehearsal can be anybody else's.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use crate::error::Trouble;

/// Brings the loopback interface up, then becomes the program.
const WITH_LOOPBACK: &str = r#"ip link set lo up && exec "$@""#;

/// How a private network is had: as root, or as somebody who may be root in a namespace.
const WAYS: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];

/// A private network, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// `unshare` with these options gives one.
    Private(&'static [&'static str]),
    /// The rehearsal shares the network of this machine.
    Shared {
        /// Why.
        reason: String,
    },
}

impl Network {
    /// Finds out what this machine allows.
    pub async fn find() -> Self {
        let mut reason = String::new();
        for way in WAYS {
            match attempt(way).await {
                Ok(()) => return Self::Private(way),
                Err(error) => reason = error.to_string(),
            }
        }
        Self::Shared { reason }
    }

    /// Runs a program there, to its end.
    pub async fn run(&self, program: &Path, arguments: &[String]) -> Result<ExitStatus, Trouble> {
        let mut command = match self {
            Self::Private(way) => unshared(way),
            Self::Shared { .. } => command("env"),
        };
        command.arg(program).args(arguments).kill_on_drop(true);
        let ended = command.status().await;
        ended.map_err(Trouble::when(format!("{} cannot be run", program.display())))
    }
}

async fn attempt(way: &[&str]) -> io::Result<()> {
    let output = unshared(way).arg("true").stdin(Stdio::null()).output().await?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

fn unshared(way: &[&str]) -> Command {
    let mut command = command("unshare");
    command.args(way).args(["--", "sh", "-c", WITH_LOOPBACK, "sh"]);
    command
}

#[expect(clippy::disallowed_methods, reason = "a rehearsal starts itself again, elsewhere")]
fn command(program: &str) -> Command {
    Command::new(program)
}
