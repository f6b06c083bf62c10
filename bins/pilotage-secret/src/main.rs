//! `pilotage-secret`: checks, resolves, injects and explains the secrets of a service.
//!
//! It composes the verbs with the streams, the clock and the environment of this process.

use std::process::ExitCode;

use pilotage_secret::{World, run};

fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), &World::of_this_process()))
}
