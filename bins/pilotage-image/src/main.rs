//! `pilotage-image`: records releases, signs what becomes of them, and explains the gates.
//!
//! It composes the verbs of this binary with the streams and the clock of this process.

mod args;
mod command;
mod draft;
mod error;
mod files;
mod layout;
mod office;
mod verb;

use std::process::ExitCode;

use pilotage_cli::Io;
use pilotage_driver::role::SystemClock;

fn main() -> ExitCode {
    let io = Io::of_this_process();
    let code = command::run(std::env::args_os(), &io, &SystemClock::new());
    ExitCode::from(u8::from(code))
}
