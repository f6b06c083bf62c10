//! `cargo xtask bench` and `cargo xtask sim`: handed on to the program that measures.
//!
//! That program is built from the whole product, which nobody who wants to run the tests or to
//! tidy up should have to wait for: so it is a package of its own, and takes the place of this
//! process, with its words, its exit code and its signals.

use crate::failure::Failure;
use crate::here::Here;

/// The words of a task that another program reads.
#[derive(Debug, clap::Args)]
pub(crate) struct Words {
    #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Becomes the program that measures; comes back only if that cannot be started.
pub(crate) fn run(here: &Here, task: &str, words: &Words) -> Result<(), Failure> {
    let program = ["--quiet", "--package", "measure", "--", task];
    let cargo = here.cargo("run").args(program).args(words.words.iter().cloned());
    Err(cargo.replace().into())
}
