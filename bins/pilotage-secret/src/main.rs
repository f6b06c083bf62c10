//! `pilotage-secret`: checks, resolves, injects and explains the secrets of a service.
//!
//! It composes the verbs with the streams, the clock and the environment of this process. So that one
//! file is all that is needed, it is also the warden of what it runs.

use std::ffi::OsString;
use std::process::ExitCode;

use pilotage_secret::{World, run, stand_guard};

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    // A warden needs nothing of the world, and must not have threads.
    stand_guard(&args).unwrap_or_else(|| ExitCode::from(run(args, &World::of_this_process())))
}
