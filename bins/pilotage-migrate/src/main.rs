//! The migrator as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    pilotage_migrate::main(std::env::args_os(), &[])
}
