//! `warden`: what stands between a worker and its program.

use std::process::ExitCode;

use pilotage_child::{Duty, warden as stand_guard};

use crate::args::worker::WardenArgs;

pub(crate) fn warden(args: &WardenArgs) -> ExitCode {
    stand_guard(args.worker, &args.command, Duty::Guard)
}
