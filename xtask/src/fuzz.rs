//! `cargo xtask fuzz`: looks for bytes that break a parser.
//!
//! The fuzzer starts from the corpus in `fuzz/corpus`, keeps what it finds on the way outside the
//! clone, and adds nothing to the repository by itself: an input that is worth keeping is copied
//! by a person. What has broken a parser is named at the end, and makes the task fail.

use parsers::PARSERS;
use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, terminal};

use crate::failure::Failure;
use crate::here::Here;

/// What to fuzz, and for how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which parser; all of them, one after the other, if none is named
    #[arg(value_parser = PARSERS.map(|parser| parser.name))]
    parser: Option<String>,
    /// How long to look, for each
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
}

pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let wanted = |name: &&str| args.parser.as_deref().is_none_or(|parser| parser == *name);
    let names = PARSERS.iter().map(|parser| parser.name);
    names.filter(wanted).try_for_each(|name| look(here, name, args.seconds).map_err(Failure::from))
}

fn look(here: &Here, name: &str, seconds: u32) -> Result<(), Error> {
    terminal::note(format!("fuzzing `{name}` for {seconds} s"));
    let found = here.host.cache.join("fuzz").join(name).display().to_string();
    Cmd::new("mkdir").args(["-p", &found]).run()?;
    let limit = format!("-max_total_time={seconds}");
    Cmd::new("cargo")
        .args(["fuzz", "run", name, &found, &format!("fuzz/corpus/{name}"), "--"])
        .args([limit.as_str(), "-max_len=65536", "-timeout=10", "-print_final_stats=1"])
        // The fuzzer's instrumentation is not stable in the compiler that everything else uses.
        .env("RUSTC_BOOTSTRAP", "1")
        .folder(&here.root)
        .hint("install it with `cargo install cargo-fuzz --locked`")
        .run()
}
