//! The tasks of this repository: `cargo xtask --help`.
//!
//! What cargo cannot do by itself, in one file for each subcommand; CI runs the same commands as
//! people do. What other repositories could use too is in `pilotage-xtask`.

mod bench;
mod benches;
mod ci;
mod cli;
mod deny;
mod env;
mod failure;
mod fuzz;
mod here;
mod ladder;
mod rehearse;
mod sim;
mod systems;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser as _;
use pilotage_xtask::interrupt;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::here::Here;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let here = Here::discover();
    match interrupt::watch().map_err(Failure::from).and_then(|()| cli.run(&here)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
