//! `pilotage-ecs`: brings releases out on Amazon ECS.
//!
//! It composes the verbs with a service of ECS as the target, with journals and leases in the account
//! itself, and with the consoles of people and CI. So that one file is all that is needed, it is also
//! the migrator whose workers it starts (`migrate`).

mod ecs;
mod state;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use pilotage_cli::{Io, Outfit, Platform as _};
use pilotage_clock::SystemClock;
use pilotage_lookout::CiLookout;

use ecs::Amazon;

/// The first argument that makes this program the migrator.
const MIGRATE: &str = "migrate";

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let rest = || args.iter().skip(1).cloned();
    match args.get(1).and_then(|arg| arg.to_str()) {
        Some(MIGRATE) => pilotage_migrate::main(rest(), &[MIGRATE]),
        Some(state::VERB) => state::main(rest()),
        _ => pilotage_cli::run(args, &outfit(Io::of_this_process())),
    }
}

/// The verbs of ECS, for people and CI as this process finds them.
fn outfit(io: Io) -> Outfit<Amazon> {
    pilotage_lookout::tell_runner(&io);
    Outfit {
        platform: Amazon::new(io.clone()),
        lookout: Arc::new(CiLookout::new(Amazon::PROGRAM)),
        clock: Arc::new(SystemClock::new()),
        io,
        holder: pilotage_lookout::holder(),
    }
}
