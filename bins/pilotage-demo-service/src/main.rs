//! The demo service as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    pilotage_demo_service::main(std::env::args_os())
}
