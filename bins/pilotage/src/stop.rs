//! `pilotage stop`: ends the service of this machine, its units and its daemon.
//!
//! Nothing is forgotten: the next command starts the daemon again, and it brings back what ran.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode as Status;
use std::time::Duration;

use clap::{CommandFactory, Parser};
use pilotage_cli::{Config, Io, Platform, PlatformError, explain};
use pilotage_driver::role::Lease;
use pilotage_host::local::{CallError, Client};
use pilotage_host::wire::Fate;
use pilotage_rollout::ExitCode;
use tokio::time::{interval, timeout};

use crate::local::{Local, Place, lease, unusable};

/// How long the units and the daemon may take to end.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOKS: Duration = Duration::from_millis(20);

/// Stop the service: its units and its daemon
///
/// Nothing is forgotten: the next command brings back what ran. Ends with 5 while a run is under
/// way.
#[derive(Debug, Parser)]
#[command(name = "pilotage stop", bin_name = "pilotage stop")]
pub(crate) struct Stop {
    /// The environment; not needed if the configuration has only one
    #[arg(long, short, value_name = "NAME")]
    env: Option<String>,

    /// The configuration
    #[arg(long, short, value_name = "FILE", default_value = "pilotage.toml")]
    config: PathBuf,
}

/// The verb, for the help of the whole program.
pub(crate) fn command() -> clap::Command {
    Stop::command().name("stop")
}

/// The verb with these arguments, of which the first is its name.
pub(crate) fn main(args: impl IntoIterator<Item = OsString>) -> Status {
    let io = Io::of_this_process();
    let stop = match Stop::try_parse_from(args) {
        Ok(stop) => stop,
        Err(error) => {
            // Where nobody can be told, the exit code must do.
            let _ = error.print();
            return Status::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| unusable("this process cannot work", error));
    match runtime.and_then(|runtime| runtime.block_on(stop.stop())) {
        Ok(said) => {
            io.err.mention(said);
            Status::SUCCESS
        }
        Err(error) => {
            io.err.mention(&explain(&error, error.hints(), false));
            Status::from(u8::from(error.exit_code()))
        }
    }
}

impl Stop {
    async fn stop(&self) -> Result<&'static str, PlatformError> {
        let config = Config::load(&self.config)?;
        let chosen = config.choose(self.env.as_deref())?;
        let place: Place = chosen.target(Local::KIND)?;
        let root = self.config.parent().unwrap_or(Path::new(""));
        let directory = place.directory_from(root)?;
        self.refuse_if_busy(&lease(&directory, &chosen.target_name())?).await?;
        end(&Client::new(directory)).await
    }

    async fn refuse_if_busy(&self, lease: &dyn Lease) -> Result<(), PlatformError> {
        let holder = lease.holder().await;
        match holder.map_err(|error| unusable("the lease cannot be looked at", error))? {
            None => Ok(()),
            Some(holder) => {
                let what = format!("somebody is at work: {}", holder.name);
                let busy = PlatformError::new(ExitCode::Busy, what);
                Err(busy.help("wait for the end of that run, or `abort` it"))
            }
        }
    }
}

/// Ends the daemon and waits until it is gone.
async fn end(client: &Client) -> Result<&'static str, PlatformError> {
    match client.shutdown(Fate::Stop).await {
        Ok(()) => {}
        Err(CallError::Absent { .. }) => return Ok("nothing runs"),
        Err(error) => return Err(unusable("the daemon cannot be told to stop", error)),
    }
    // It removes its socket when the units are stopped.
    let socket = client.directory().socket();
    let mut looks = interval(LOOKS);
    let gone = async {
        while socket.exists() {
            looks.tick().await;
        }
    };
    timeout(PATIENCE, gone).await.map(|()| "stopped").map_err(|_| {
        PlatformError::new(ExitCode::Unknown, "the daemon has not ended yet")
            .help("see its log in the service directory")
    })
}
