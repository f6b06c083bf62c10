//! A small HTTP service to be deployed: it names its release and fails in the ways it is told to.
//!
//! It exists so that a demonstration, a test or a bench has something real to ship. It answers
//! every path with its release in the body and in the header `x-pilotage-release`, `/health`
//! tells whether it is ready, and it finishes what it has begun when it is asked to stop.
//!
//! Its failures are deterministic: the same options fail the same requests in the same order. It
//! deliberately has no state, no logging of requests and no way to be changed while it runs.

mod faults;
mod service;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Parser;

use faults::Faults;
use service::Service;

/// A small HTTP service that names its release, and fails in the ways it is told to.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on, on the loopback interface [default: the variable PORT].
    #[arg(long)]
    port: Option<u16>,
    /// The release to answer with [default: the variable `PILOTAGE_RELEASE`].
    #[arg(long)]
    release: Option<String>,
    #[command(flatten)]
    faults: Faults,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let port = arguments.port.or_else(|| variable("PORT")?.parse().ok());
    let release = arguments.release.or_else(|| variable("PILOTAGE_RELEASE"));
    let (Some(port), Some(release)) = (port, release) else {
        say("the port and the release are needed: give --port and --release, or PORT and \
             PILOTAGE_RELEASE");
        return ExitCode::from(2);
    };
    if arguments.faults.exit_at_once {
        say("told to exit at once");
        return ExitCode::FAILURE;
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match Service::new(release, arguments.faults).serve(address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("cannot serve on {address}: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "settings are read here, in the composition")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::print_stderr, reason = "the one place where this program speaks")]
fn say(text: &str) {
    eprintln!("pilotage-demo-service: {text}");
}
