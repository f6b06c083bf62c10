//! From the command line to an exit code.

use std::ffi::OsString;
use std::path::Path;
use std::process;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches};
use pilotage_driver::role::Clock;
use pilotage_rollout::ExitCode;
use pilotage_secrets::manifest::Manifest;

use crate::args::{Cli, Verb};
use crate::{Environment, Failure, Io, Lookout, Platform, explain, secrecy, verb};

/// What a binary is made of. Composed in its `main`.
#[derive(Debug)]
pub struct Outfit<P> {
    /// What only this binary knows.
    pub platform: P,
    /// How people see a run.
    pub lookout: Arc<dyn Lookout>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where words go.
    pub io: Io,
    /// What others are told who find the lease busy, such as the address of the CI job.
    pub holder: String,
}

impl<P> Outfit<P> {
    /// Learns what is secret in an environment before anything of it can be shown.
    pub(crate) async fn conceal(&self, environment: &Environment, secrets: &Manifest, root: &Path) {
        for unmasked in secrecy::conceal(self.io.veil(), environment, secrets, root).await {
            self.io.err.mention(&format!("warning: {unmasked}"));
        }
    }
}

/// Runs a command to its end, on a runtime of its own.
pub fn run<P: Platform>(
    args: impl IntoIterator<Item = OsString>,
    outfit: &Outfit<P>,
) -> process::ExitCode {
    let code = match parse::<P>(args, &outfit.io) {
        Err(code) => code,
        Ok(cli) => match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                let code = runtime.block_on(perform(&cli, outfit));
                // Nothing that still runs may hold up the end; all that matters is durable.
                runtime.shutdown_background();
                code
            }
            Err(error) => failed(&Failure::Signals(error), &cli, outfit),
        },
    };
    process::ExitCode::from(u8::from(code))
}

/// Runs a command to its end, on the runtime of the caller.
pub async fn execute<P: Platform>(
    args: impl IntoIterator<Item = OsString>,
    outfit: &Outfit<P>,
) -> ExitCode {
    match parse::<P>(args, &outfit.io) {
        Ok(cli) => perform(&cli, outfit).await,
        Err(code) => code,
    }
}

/// The command line of this platform's program.
pub(crate) fn command<P: Platform>() -> clap::Command {
    P::furnish(Cli::<P::Flags>::command().name(P::PROGRAM).bin_name(P::PROGRAM))
}

fn parse<P: Platform>(
    args: impl IntoIterator<Item = OsString>,
    io: &Io,
) -> Result<Cli<P::Flags>, ExitCode> {
    let parsed = command::<P>().try_get_matches_from(args);
    parsed.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        if error.use_stderr() {
            io.err.mention(error.to_string().trim_end());
            ExitCode::Usage
        } else {
            // A reader who hangs up in the middle of the help is a normal end.
            io.out.mention(error.to_string().trim_end());
            ExitCode::Success
        }
    })
}

async fn perform<P: Platform>(cli: &Cli<P::Flags>, outfit: &Outfit<P>) -> ExitCode {
    let global = &cli.global;
    let done = match &cli.verb {
        Verb::Plan(args) => verb::plan::plan(outfit, global, args).await,
        Verb::Deploy(args) => verb::deploy::deploy(outfit, global, args).await,
        Verb::Status => verb::status::status(outfit, global).await,
        Verb::Resume(args) => verb::resume::resume(outfit, global, args).await,
        Verb::Abort(args) => verb::abort::abort(outfit, global, args).await,
        Verb::Rollback(args) => verb::rollback::rollback(outfit, global, args).await,
        Verb::Verify => verb::verify::verify(outfit, global).await,
        Verb::History(args) => verb::history::history(outfit, global, args).await,
        Verb::Report(args) => verb::report::report(outfit, global, args).await,
        Verb::Schema => verb::about::schema(outfit),
        Verb::Completions(args) => verb::about::completions(outfit, args),
        Verb::Man(args) => verb::about::man(outfit, args),
    };
    done.unwrap_or_else(|failure| failed(&failure, cli, outfit))
}

fn failed<P: Platform>(failure: &Failure, cli: &Cli<P::Flags>, outfit: &Outfit<P>) -> ExitCode {
    let (code, help) = (failure.exit_code(), failure.help());
    let io = &outfit.io;
    if cli.global.json {
        // The person is told below, whatever becomes of the object.
        io.out.mention(&crate::failed(failure, &help, code).to_string());
    }
    let color = cli.global.color.applies(io.err.is_terminal(), io.no_color);
    // Covered before it is made fit, which could tear a secret apart.
    let text = io.veil().cover(&explain(failure, &help, color));
    // Colours are for terminals alone, and would be taken for something hostile.
    let text = if color { text } else { outfit.lookout.fit(&text, &io.err) };
    io.err.mention(&text);
    code
}
