//! `pilotage demo`: everything once, for real, on this machine and under load.
//!
//! Real processes behind a real proxy are deployed by the very verbs of this program, while
//! clients that never retry count what they are answered and by whom. One release is flawed and
//! must be caught, one deploy is killed and must be resumed. It succeeds only if all of that was
//! seen and no other request failed.
//!
//! Everything that it starts ends with it, however it ends. It touches nothing outside of its own
//! directory.

mod acts;
mod child;
mod error;
mod stage;
mod sums;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use pilotage_cli::{Io, explain};
use tokio::signal::unix::{SignalKind, signal};

use acts::Show;
use error::DemoError;
use stage::Stage;
use sums::Sums;

/// Show everything once, with real processes under load
///
/// Brings five releases of a small bundled service out on this machine: by canary, by blue/green,
/// one that the judge must abort, and one whose deploy is killed and resumed. Takes less than a
/// minute, needs nothing else, and stops what it has started. Ends with 0 only if no request
/// failed but those of the flawed release.
#[derive(Debug, Parser)]
#[command(name = "pilotage demo", bin_name = "pilotage demo")]
pub(crate) struct Demo {
    /// Write the sums to stdout as one JSON object
    #[arg(long)]
    json: bool,

    /// Work in this directory, which must be new or empty, and keep all of it
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// The verb, for the help of the whole program.
pub(crate) fn command() -> clap::Command {
    Demo::command().name("demo")
}

/// The verb with these arguments, of which the first is its name.
pub(crate) fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let io = Io::of_this_process();
    let demo = match Demo::try_parse_from(args) {
        Ok(demo) => demo,
        Err(error) => {
            // Where nobody can be told, the exit code must do.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let shown = tokio::runtime::Runtime::new()
        .map_err(DemoError::Child)
        .and_then(|runtime| runtime.block_on(demo.show(&io)));
    match shown {
        Ok(sums) => demo.tell(&sums, &io),
        Err(error) => {
            io.err.mention(&explain(&error, &[], false));
            ExitCode::from(error.exit_code())
        }
    }
}

impl Demo {
    async fn show(&self, io: &Io) -> Result<Sums, DemoError> {
        let program = std::env::current_exe().map_err(DemoError::Child)?;
        let stage = Stage::set(self.root()?, program)?;
        let outfit = crate::outfit(io.clone());
        let played = tokio::select! {
            played = Show::on(&stage, &outfit).play() => played,
            stopped = stopped() => Err(stopped.map_or_else(DemoError::Child, |()| DemoError::Interrupted)),
        };
        let struck = stage.strike().await;
        if self.keep.is_none() {
            stage.sweep();
        }
        let sums = played?;
        struck.map(|()| sums)
    }

    fn root(&self) -> Result<PathBuf, DemoError> {
        let place = |path: &PathBuf| {
            let path = path.clone();
            move |source| DemoError::Place { path, source }
        };
        match &self.keep {
            Some(path) => std::path::absolute(path).map_err(place(path)),
            None => match tempfile::Builder::new().prefix("pilotage-demo-").tempdir() {
                Ok(directory) => Ok(directory.keep()),
                Err(source) => Err(place(&PathBuf::from("the temporary directory"))(source)),
            },
        }
    }

    fn tell(&self, sums: &Sums, io: &Io) -> ExitCode {
        let told = if self.json {
            serde_json::to_string(sums).map_err(io::Error::other)
        } else {
            Ok(format!("\n{}", sums.text()))
        };
        match told.and_then(|text| io.out.line(&text)) {
            Ok(()) if sums.hold() => ExitCode::SUCCESS,
            Ok(()) => ExitCode::FAILURE,
            Err(error) => {
                io.err.mention(&format!("error: the sums cannot be written: {error}"));
                ExitCode::FAILURE
            }
        }
    }
}

/// Ends with the first signal that asks the process to stop.
async fn stopped() -> io::Result<()> {
    let mut int = signal(SignalKind::interrupt())?;
    let mut term = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
    Ok(())
}
