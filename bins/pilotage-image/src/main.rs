//! `pilotage-image`: records releases, signs what becomes of them, explains the gates, and brings
//! images through them.
//!
//! It composes the verbs of this binary with the streams and the clock of this process.

mod args;
mod command;
mod concealing;
mod convoy;
mod draft;
mod error;
mod files;
mod layout;
mod office;
mod pins;
mod progress;
mod promotion;
mod registries;
mod surroundings;
mod verb;

use std::process::ExitCode;
use std::sync::Arc;

use pilotage_cli::Io;
use pilotage_driver::role::{Clock, SystemClock};

use crate::surroundings::Surroundings;

fn main() -> ExitCode {
    let (io, surroundings) = (Io::of_this_process(), Surroundings::of_this_process());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let code = command::run(std::env::args_os(), &io, &clock, &surroundings);
    ExitCode::from(u8::from(code))
}
