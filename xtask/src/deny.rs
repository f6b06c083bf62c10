//! `cargo xtask deny`: what we depend on, by the rules of `deny.toml`.
//!
//! Bans, licences and sources are checked everywhere. Advisories need their database from the
//! network: where it cannot be reached this is said and, unless it is required, not an error.

use std::path::PathBuf;

use pilotage_xtask::command::Cmd;
use pilotage_xtask::{Error, terminal};

use crate::failure::Failure;
use crate::here::Here;

/// The version that is installed where there is none.
const VERSION: &str = "0.20.2";

/// The oldest `0.x` that reads this workspace's edition and lock file.
const OLDEST: u32 = 18;

/// How strict to be.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Args {
    /// Fail where the advisory database cannot be reached, instead of saying so
    #[arg(long)]
    require_advisories: bool,
}

/// Checks everything that can be checked; gives what could not, and why.
pub(crate) fn run(here: &Here, args: Args) -> Result<Option<String>, Failure> {
    let deny = find_or_install(here)?;
    let deny = |arguments: &[&str]| {
        Cmd::new(deny.display().to_string()).args(arguments.iter().copied()).folder(&here.root)
    };
    deny(&["--all-features", "check", "bans", "licenses", "sources"]).run()?;
    match deny(&["fetch", "db"]).output() {
        Ok(_) => Ok(deny(&["--all-features", "check", "advisories"]).run().map(|()| None)?),
        Err(Error::Ended { said, .. }) => {
            let not_run = unreachable_database(&said, args)?;
            terminal::say(&not_run)?;
            Ok(Some(not_run))
        }
        Err(error) => Err(error.into()),
    }
}

fn unreachable_database(said: &str, args: Args) -> Result<String, Failure> {
    let reason = "the advisory database cannot be reached".to_owned();
    if args.require_advisories {
        return Err(Failure::Advisories(format!("{reason}{said}")));
    }
    Ok(format!("not run: advisories: {reason}"))
}

fn find_or_install(here: &Here) -> Result<PathBuf, Error> {
    let cached = here.host.cache.join(format!("cargo-deny-{VERSION}"));
    let binary = cached.join("bin/cargo-deny");
    let on_path = here.host.program("cargo-deny").into_iter();
    if let Some(found) = on_path.chain([binary.clone()]).find(works) {
        return Ok(found);
    }
    terminal::note(format!("installing cargo-deny {VERSION}; it is kept for the next run"));
    let root = cached.display().to_string();
    let install = ["install", "cargo-deny", "--locked", "--version", VERSION, "--root", &root];
    Cmd::new("cargo").args(install).folder(&here.host.temporary).run()?;
    Ok(binary)
}

#[expect(clippy::ptr_arg, reason = "the form that `Iterator::find` calls")]
fn works(path: &PathBuf) -> bool {
    let version = Cmd::new(path.display().to_string()).args(["--version"]).output();
    version.is_ok_and(|line| is_recent(&line))
}

fn is_recent(line: &str) -> bool {
    let version = line.trim().strip_prefix("cargo-deny ").unwrap_or_default();
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(0), Some(minor)) => minor >= OLDEST,
        (Some(_), Some(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_one_is_not_used() {
        assert!(is_recent("cargo-deny 0.20.2\n") && is_recent("cargo-deny 1.0.0"));
        assert!(!is_recent("cargo-deny 0.14.2") && !is_recent("") && !is_recent("deny 9.9"));
    }

    #[test]
    fn an_unreachable_database_is_said_and_fails_only_where_it_is_required() {
        let said = unreachable_database("", Args::default()).expect("only said");
        assert!(said.starts_with("not run: advisories: "));
        let strict = Args { require_advisories: true };
        assert!(unreachable_database(": no route", strict).is_err());
    }
}
