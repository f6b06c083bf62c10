//! From the command line to an exit code.

use std::ffi::OsString;
use std::sync::Arc;

use clap::Parser as _;
use pilotage_cli::{Failure, Io, explain};
use pilotage_driver::role::Clock;
use pilotage_rollout::ExitCode;

use crate::args::{Cli, Verb};
use crate::error::{Done, wrong};
use crate::office::Office;
use crate::registries::Registries;
use crate::surroundings::Surroundings;
use crate::verb;
use crate::verb::image::Quay;
use crate::verb::line::Line;

/// Runs a command to its end.
pub(crate) fn run(
    args: impl IntoIterator<Item = OsString>,
    io: &Io,
    clock: &Arc<dyn Clock>,
    surroundings: &Surroundings,
) -> ExitCode {
    if let Some(runner) = surroundings.surface.runner() {
        io.tell_runner(runner);
    }
    match Cli::try_parse_from(args) {
        Ok(cli) => perform(&cli, io, clock, surroundings)
            .unwrap_or_else(|error| failed(&cli, io, &error.into())),
        Err(error) if error.use_stderr() => {
            io.err.mention(error.to_string().trim_end());
            ExitCode::Usage
        }
        Err(help) => {
            io.out.mention(help.to_string().trim_end());
            ExitCode::Success
        }
    }
}

fn perform(
    cli: &Cli,
    io: &Io,
    clock: &Arc<dyn Clock>,
    surroundings: &Surroundings,
) -> Done<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| wrong("the program cannot start", error))?;
    let registries = || Registries::open(surroundings, clock.clone(), io.veil().clone());
    let office = || Office::open(&cli.global, io, &**clock, registries);
    let quay = || registries().map(|registries| Quay { global: &cli.global, io, registries });
    let line = || Line { global: &cli.global, io, surroundings };
    match &cli.verb {
        Verb::Version(args) => line().version(args),
        Verb::Tags(args) => line().tags(args),
        Verb::Resolve(args) => runtime.block_on(quay()?.resolve(args)),
        Verb::Tag(args) => runtime.block_on(quay()?.tag(args)),
        Verb::Copy(args) => runtime.block_on(quay()?.copy(args)),
        Verb::Promote(args) => {
            runtime.block_on(verb::promote::promote(&office()?, &registries()?, args))
        }
        Verb::Key(args) => verb::key::key(&cli.global, io, args),
        Verb::Record(args) => runtime.block_on(verb::record::record(&office()?, args)),
        Verb::Event(args) => runtime.block_on(verb::event::event(&office()?, args)),
        Verb::Gate(args) => runtime.block_on(verb::gate::gate(&office()?, args)),
    }
}

fn failed(cli: &Cli, io: &Io, failure: &Failure) -> ExitCode {
    let (code, help) = (failure.exit_code(), failure.help());
    if cli.global.json {
        // The person is told below, whatever becomes of the object.
        io.out.mention(&pilotage_cli::failed(failure, &help, code).to_string());
    }
    let color = cli.global.color.applies(io.err.is_terminal(), io.no_color);
    io.err.mention(&explain(failure, &help, color));
    code
}
