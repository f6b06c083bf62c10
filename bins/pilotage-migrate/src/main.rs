//! `pilotage-migrate`: says whether migrations may run beside the version that serves.
//!
//! It parses, composes, calls once and maps the outcome to an exit code. Data goes to stdout,
//! everything else to stderr.

mod annotate;
mod args;
mod failure;
mod lint;

use std::process::ExitCode;

use clap::Parser as _;
use pilotage_cli::{Io, explain};
use pilotage_rollout::ExitCode as Code;

use args::{Cli, Verb};

fn main() -> ExitCode {
    let io = Io::of_this_process();
    let code = match Cli::try_parse_from(std::env::args_os()) {
        Ok(cli) => perform(&cli, &io),
        Err(error) if error.use_stderr() => {
            io.err.mention(error.to_string().trim_end());
            Code::Usage
        }
        Err(help) => {
            io.out.mention(help.to_string().trim_end());
            Code::Success
        }
    };
    ExitCode::from(u8::from(code))
}

fn perform(cli: &Cli, io: &Io) -> Code {
    let Verb::Lint(args) = &cli.verb;
    lint::lint(args, io).unwrap_or_else(|failure| {
        let colour = args.color.applies(io.err.is_terminal(), io.no_color);
        io.err.mention(&explain(&failure, &failure.help(), colour));
        Code::Usage
    })
}
