//! `warden`: what stands between a worker and its program.

use std::process::ExitCode;

use crate::args::worker::WardenArgs;

pub(crate) fn warden(args: &WardenArgs) -> ExitCode {
    pilotage_migration::local::warden(args.worker, &args.command)
}
