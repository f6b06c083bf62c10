//! `pilotage`: brings releases out on this machine.
//!
//! It composes the verbs with this machine as the target and with the consoles of people and CI.
//! So that one file is all that is needed, it is also the daemon that it starts (`hostd`), the
//! migrator whose workers it starts (`migrate`) and the service of the demonstration
//! (`demo-service`); they are told apart by the first argument.

mod demo;
mod local;
mod stop;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use pilotage_cli::{Io, Outfit, Platform as _};
use pilotage_driver::role::SystemClock;
use pilotage_lookout::CiLookout;

use local::Local;

/// The first argument that makes this program the daemon.
const HOSTD: &str = "hostd";
/// The first argument that makes this program the migrator.
const MIGRATE: &str = "migrate";
/// The first argument that makes this program the service of the demonstration.
const DEMO_SERVICE: &str = "demo-service";

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let rest = || args.iter().skip(1).cloned();
    match args.get(1).and_then(|arg| arg.to_str()) {
        Some(HOSTD) => pilotage_hostd::main(rest()),
        Some(DEMO_SERVICE) => pilotage_demo_service::main(rest()),
        Some(MIGRATE) => pilotage_migrate::main(rest(), &[MIGRATE]),
        Some("demo") => demo::main(rest()),
        Some("stop") => stop::main(rest()),
        _ => pilotage_cli::run(args, &outfit(Io::of_this_process())),
    }
}

/// The verbs of this machine, for people and CI as this process finds them.
fn outfit(io: Io) -> Outfit<Local> {
    pilotage_lookout::tell_runner(&io);
    Outfit {
        platform: Local,
        lookout: Arc::new(CiLookout::new(Local::PROGRAM)),
        clock: Arc::new(SystemClock::new()),
        io,
        holder: pilotage_lookout::holder(),
    }
}
