//! The daemon as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    pilotage_hostd::main(std::env::args_os())
}
