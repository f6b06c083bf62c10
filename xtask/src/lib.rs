//! The tasks of this repository: `cargo xtask --help`.
//!
//! What cargo cannot do by itself, in one file for each subcommand; CI runs the same commands as
//! people do. What other repositories could use too is in `pilotage-xtask`; what measures and
//! simulates the product, and so needs all of it built, is the package `measure`, which finds the
//! repository, its systems and its rules here.

mod ci;
mod cli;
mod deny;
pub mod env;
mod failure;
mod fuzz;
pub mod here;
mod ladder;
mod measure;
pub mod systems;
mod test;
pub mod tidy;

use std::process::ExitCode;

use clap::Parser as _;
use pilotage_xtask::interrupt;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::here::Here;

/// Does what the command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let here = Here::discover();
    match interrupt::watch().map_err(Failure::from).and_then(|()| cli.run(&here)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
