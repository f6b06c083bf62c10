//! From the command line to an exit code.

use std::ffi::OsString;

use clap::Parser as _;
use pilotage_cli::explain;
use pilotage_rollout::ExitCode;

use crate::args::{Cli, Verb};
use crate::failure::{Done, Failure, failed};
use crate::verb;
use crate::world::World;

/// Runs a command to its end, and says what the process returns.
pub fn run(args: impl IntoIterator<Item = OsString>, world: &World) -> u8 {
    world.heed_runner();
    match Cli::try_parse_from(args) {
        Ok(cli) => perform(&cli, world).unwrap_or_else(|failure| tell(&cli, world, &failure)),
        Err(error) if error.use_stderr() => {
            world.io.err.mention(error.to_string().trim_end());
            ExitCode::Usage.into()
        }
        Err(help) => {
            world.io.out.mention(help.to_string().trim_end());
            ExitCode::Success.into()
        }
    }
}

fn perform(cli: &Cli, world: &World) -> Done<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed("the program cannot start", error))?;
    let global = &cli.global;
    let code = match &cli.verb {
        Verb::Check(args) => runtime.block_on(verb::check::check(world, global, args))?,
        Verb::Resolve(args) => runtime.block_on(verb::resolve::resolve(world, global, args))?,
        Verb::Exec(args) => return runtime.block_on(verb::exec::exec(world, global, args)),
        Verb::Render(args) => verb::render::render(world, global, args)?,
        Verb::Policy(args) => verb::policy::policy(world, global, args)?,
        Verb::Scan(args) => verb::scan::scan(world, global, args)?,
        Verb::Completions { shell } => verb::about::completions(world, *shell)?,
        Verb::Man { verb } => verb::about::man(world, verb.as_deref())?,
    };
    Ok(code.into())
}

fn tell(cli: &Cli, world: &World, failure: &Failure) -> u8 {
    let (code, help) = (failure.exit_code(), failure.hints());
    let io = &world.io;
    if cli.global.json {
        // The person is told below, whatever becomes of the object.
        io.out.mention(&pilotage_cli::failed(failure, help, code).to_string());
    }
    let color = cli.global.color.applies(io.err.is_terminal(), io.no_color);
    io.err.mention(&explain(failure, help, color));
    code.into()
}
