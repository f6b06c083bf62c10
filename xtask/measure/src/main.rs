//! What measures, simulates and tortures the product: `cargo xtask bench`, `cargo xtask sim`.
//!
//! A bench is a file under `cases/`, and a line in [`mod@bench`]. All of them need the product itself,
//! so they are not part of the task runner that everything else waits for; the task runner hands
//! its words on to this program.

mod bench;
mod cases;
mod cli;
mod failure;
mod rehearse;
mod sim;

use std::process::ExitCode;

use clap::Parser as _;
use pilotage_xtask::interrupt;
use xtask::here::Here;

use crate::cli::Cli;
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let here = Here::discover();
    match interrupt::watch().map_err(Failure::from).and_then(|()| cli.run(&here)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
