//! `pilotage-hostd`: keeps the proxy and the processes of one service directory.
//!
//! It parses its arguments, calls [`pilotage_host::hostd::run`] once and maps how that ends to an
//! exit code. All that it says goes to stderr.
//!
//! It is a library so that one binary can hold it beside other programs: [`main`] is all of it.

use std::ffi::OsString;
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

/// The program with these arguments, of which the first is its name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Arguments { dir, listen, detached } = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
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

/// Help and version are no failures.
fn explain(error: &clap::Error) -> ExitCode {
    // Where nobody can be told, the exit code must do.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn fail(error: &(dyn std::error::Error + 'static), code: ExitCode) -> ExitCode {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text: Vec<String> = causes.map(ToString::to_string).collect();
    // Where nobody can be told, the exit code must do.
    let _ = writeln!(std::io::stderr().lock(), "pilotage-hostd: {}", text.join(": "));
    code
}
