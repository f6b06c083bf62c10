//! A small HTTP service to be deployed: it names its release and fails in the ways it is told to.
//!
//! It exists so that a demonstration, a test or a bench has something real to ship. It answers
//! every path with its release in the body and in the header `x-pilotage-release`, `/health`
//! tells whether it is ready, and it finishes what it has begun when it is asked to stop.
//! `/slow/MILLISECONDS` takes that long, `/upload` says in `x-received-bytes` how much it was
//! sent, and `/socket` is a `WebSocket` that echoes.
//!
//! Its failures are deterministic: the same options fail the same requests in the same order. It
//! deliberately has no state and no way to be changed while it runs; with `--ledger` it writes
//! down the number of every request that it processes, so that none is processed twice unseen.
//!
//! It is a library so that one binary can hold it beside other programs: [`main`] is all of it.

mod answer;
mod faults;
mod ledger;
mod service;
mod socket;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use faults::Faults;
use ledger::Ledger;
use service::Service;

/// A small HTTP service that names its release, and fails in the ways it is told to.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on [default: the variable PORT].
    #[arg(long)]
    port: Option<u16>,
    /// The address to listen on; `0.0.0.0` in a container.
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST)]
    address: Ipv4Addr,
    /// The release to answer with [default: the variable `PILOTAGE_RELEASE`].
    #[arg(long)]
    release: Option<String>,
    /// Append the header `x-request-id` of each request to a file of this process in here.
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    faults: Faults,
}

/// The program with these arguments, of which the first is its name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(serve(arguments)),
        Err(error) => {
            say(&format!("cannot begin: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> ExitCode {
    let port = arguments.port.or_else(|| variable("PORT")?.parse().ok());
    let release = arguments.release.or_else(|| variable("PILOTAGE_RELEASE"));
    let (Some(port), Some(release)) = (port, release) else {
        say("the port and the release are needed: give --port and --release, or PORT and \
             PILOTAGE_RELEASE");
        return ExitCode::from(2);
    };
    if arguments.faults.crash {
        say("told to crash");
        std::process::abort();
    }
    if arguments.faults.exit_at_once {
        say("told to exit at once");
        return ExitCode::from(arguments.faults.exit_code);
    }
    let ledger = match arguments.ledger.map(|directory| Ledger::open(&directory, &release)) {
        None => None,
        Some(Ok(ledger)) => Some(ledger),
        Some(Err(error)) => {
            say(&format!("the ledger cannot be kept: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let address = SocketAddr::from((arguments.address, port));
    match Service::new(release, arguments.faults, ledger).serve(address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("cannot serve on {address}: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Help and version are no failures.
fn explain(error: &clap::Error) -> ExitCode {
    // Where nobody can be told, the exit code must do.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

#[expect(clippy::disallowed_methods, reason = "settings are read here, in the composition")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::print_stderr, reason = "the one place where this program speaks")]
fn say(text: &str) {
    eprintln!("pilotage-demo-service: {text}");
}
