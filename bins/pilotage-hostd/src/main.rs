//! `pilotage-hostd`: keeps the proxy and the processes of one service directory.
//!
//! It parses its arguments, calls [`pilotage_host::hostd::run`] once and maps how that ends to an
//! exit code. All that it says goes to stderr.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use pilotage_host::directory::ServiceDirectory;
use pilotage_host::hostd::{Settings, run};

/// Keeps the proxy and the processes of one service on this machine.
///
/// Exit codes: 0 told to end · 1 cannot begin or go on · 2 usage · 5 another daemon keeps the
/// directory. The units run on whatever becomes of this program.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The service directory, an absolute path; it is made if there is none.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The address of the service; needed the first time, port 0 means any.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Leave the session of whoever started this program.
    #[arg(long)]
    detached: bool,
}

fn main() -> ExitCode {
    let Arguments { dir, listen, detached } = Arguments::parse();
    let directory = match ServiceDirectory::at(dir) {
        Ok(directory) => directory,
        Err(error) => return fail(&error, ExitCode::from(2)),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, ExitCode::FAILURE),
    };
    match runtime.block_on(run(Settings { directory, listen, detached })) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, ExitCode::from(error.exit_code())),
    }
}

fn fail(error: &(dyn std::error::Error + 'static), code: ExitCode) -> ExitCode {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text: Vec<String> = causes.map(ToString::to_string).collect();
    // Where nobody can be told, the exit code must do.
    let _ = writeln!(std::io::stderr().lock(), "pilotage-hostd: {}", text.join(": "));
    code
}
