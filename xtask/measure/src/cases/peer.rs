//! Programs of others beside ours: found or built, run in turns, and what the middle of it was.

use std::path::PathBuf;

use pilotage_xtask::Error;
use pilotage_xtask::command::Cmd;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::stopwatch::Stopwatch;
use xtask::here::Here;

/// The program on the path or in the cache; built once where Go can. Otherwise why not, in a line.
pub(super) fn program(here: &Here, name: &str, go: Option<&str>) -> Result<PathBuf, String> {
    if let Ok(found) = here.host.program(name) {
        return Ok(found);
    }
    let bin = here.host.cache.join("go/bin");
    let cached = bin.join(name);
    if cached.is_file() {
        return Ok(cached);
    }
    let source = go.ok_or("not installed")?;
    let build = Cmd::new("go").args(["install", source]).env("GOBIN", bin.display().to_string());
    let said = |error: Error| error.to_string().lines().collect::<Vec<_>>().join(" ");
    build.output().map(|_| cached).map_err(said)
}

/// One of our own programs, built as it is released.
pub(super) fn ours(here: &Here, name: &str) -> Result<PathBuf, Error> {
    here.cargo("build").args(["--quiet", "--release", "-p", name]).output()?;
    Ok(Workspace::load(&here.root)?.target.join("release").join(name))
}

/// The medians of both in milliseconds, after this many rounds in which each had its turn.
pub(super) fn in_turns(
    rounds: usize,
    ours: &Cmd,
    theirs: Option<&Cmd>,
) -> Result<(f64, f64), Error> {
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        our_times.push(millis(ours)?);
        if let Some(theirs) = theirs {
            their_times.push(millis(theirs)?);
        }
    }
    Ok((median(our_times), median(their_times)))
}

fn millis(command: &Cmd) -> Result<f64, Error> {
    let stopwatch = Stopwatch::start();
    command.output()?;
    Ok(stopwatch.elapsed().as_secs_f64() * 1_000.0)
}

/// The middle of them; not a number if there are none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
