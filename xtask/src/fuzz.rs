//! `cargo xtask fuzz`: looks for bytes that break a parser.
//!
//! The fuzzer starts from the corpus in `fuzz/corpus`, keeps what it finds on the way outside the
//! clone, and adds nothing to the repository by itself: an input that is worth keeping is copied
//! by a person. What has broken a parser is named at the end, and makes the task fail.

use std::path::Path;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, files, terminal};

use crate::failure::Failure;
use crate::here::Here;

/// What to fuzz, and for how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which parser; all of them, one after the other, if none is named
    parser: Option<String>,
    /// How long to look, for each
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
}

pub(crate) fn run(here: &Here, args: &Args) -> Result<(), Failure> {
    let known = parsers(&here.root)?;
    let is_wanted = |name: &&String| args.parser.as_ref().is_none_or(|parser| parser == *name);
    let mut wanted = known.iter().filter(is_wanted).peekable();
    if wanted.peek().is_none() {
        let wanted = args.parser.clone().unwrap_or_default();
        return Err(Failure::NoParser { wanted, known });
    }
    wanted.try_for_each(|name| look(here, name, args.seconds).map_err(Failure::from))
}

/// The parsers by name: each has a folder of inputs to begin with.
fn parsers(root: &Path) -> Result<Vec<String>, Error> {
    let inputs = files::walk(&root.join("fuzz/corpus"), &|_| true)?;
    let folders = inputs.iter().filter_map(|input| input.parent()?.file_name()?.to_str());
    let mut names: Vec<String> = folders.map(str::to_owned).collect();
    names.dedup();
    Ok(names)
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
