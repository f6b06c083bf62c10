//! `cargo xtask env`: the real systems by hand, for a debugger or a single test.

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::system::{Handle, Lab, Ledger, Status, System};
use pilotage_xtask::{Error, terminal};

use crate::failure::Failure;
use crate::here::Here;
use crate::systems;

/// What to do with the systems.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start what can be had and print the variables for the tests
    ///
    /// `eval "$(cargo xtask env up)"` gives them to this shell, for plain `cargo test`.
    Up {
        /// Only these systems; one that does not run is then an error
        #[arg(value_name = "SYSTEM", value_parser = PossibleValuesParser::new(systems::names()))]
        names: Vec<String>,
    },
    /// Stop, by id, what `up` or an interrupted run left running
    Down,
    /// Say of each system whether it runs, could run, or why not
    Status,
}

/// Carries out the command.
pub(crate) fn run(here: &Here, command: &Command) -> Result<(), Failure> {
    let workspace = Workspace::load(&here.root)?;
    let mut ledger = Ledger::open(&ledger(&workspace))?;
    match command {
        Command::Up { names } => up(here, names, &mut ledger),
        Command::Down => Ok(down(&mut ledger)?),
        Command::Status => Ok(status(here, &ledger)?),
    }
}

/// Where the list of what runs is kept.
pub fn ledger(workspace: &Workspace) -> PathBuf {
    workspace.target.join("pilotage-env.json")
}

fn up(here: &Here, names: &[String], ledger: &mut Ledger) -> Result<(), Failure> {
    let wanted =
        |system: &&dyn System| names.is_empty() || names.iter().any(|n| n == system.name());
    let systems: Vec<&dyn System> = systems::ALL.iter().copied().filter(wanted).collect();
    let lab = Lab::up(&systems, &here.host, ledger)?;
    for status in lab.statuses() {
        terminal::note(status.to_string());
    }
    for (name, value) in lab.variables() {
        terminal::say(format!("export {name}='{}'", value.replace('\'', r"'\''")))?;
    }
    let missing = lab.statuses().iter().find_map(not_run).filter(|_| !names.is_empty());
    lab.leave_up();
    missing.map_or(Ok(()), Err)
}

fn not_run(status: &Status) -> Option<Failure> {
    let reason = status.outcome.as_ref().err()?.to_string();
    Some(Failure::NotRun { system: status.system.into(), reason })
}

fn down(ledger: &mut Ledger) -> Result<(), Error> {
    let names: Vec<String> = ledger.handles().iter().map(|h| h.system().to_owned()).collect();
    let mut result = Ok(());
    for name in names.iter().rev() {
        let stopped = ledger.stop(name);
        if stopped.is_ok() {
            terminal::say(format!("stopped: {name}"))?;
        }
        result = result.and(stopped);
    }
    result
}

fn status(here: &Here, ledger: &Ledger) -> Result<(), Error> {
    for &system in systems::ALL {
        let name = system.name();
        let state = match (ledger.get(name).map(Handle::is_alive), system.find(&here.host)) {
            (Some(true), _) => format!("run: {name}"),
            (Some(false), _) => format!("died: {name}: `cargo xtask env down` clears it away"),
            (None, Ok(())) => format!("stopped: {name}: can be started"),
            (None, Err(lack)) => format!("stopped: {name}: {lack}"),
        };
        terminal::say(format!("{state} (needed for {})", system.why()))?;
    }
    Ok(())
}
