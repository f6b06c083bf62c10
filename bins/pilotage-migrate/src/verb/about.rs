//! What the program says about itself: completions and manual pages.

use clap::CommandFactory as _;
use pilotage_cli::Io;
use pilotage_rollout::ExitCode;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::failure::Failure;

pub(crate) fn completions(args: &CompletionsArgs, io: &Io) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pilotage-migrate", &mut script);
    print(io, &script)
}

pub(crate) fn man(args: &ManArgs, io: &Io) -> Result<ExitCode, Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match args.verb.as_deref() {
        None => Some(&program),
        Some(verb) => program.find_subcommand(verb),
    };
    let Some(page) = page.cloned() else {
        let (what, help) = ("there is no such verb".into(), "see `--help`".into());
        return Err(Failure::Refused { what, help });
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).map_err(Failure::Output)?;
    print(io, &roff)
}

fn print(io: &Io, bytes: &[u8]) -> Result<ExitCode, Failure> {
    io.out.write(&String::from_utf8_lossy(bytes)).map_err(Failure::Output)?;
    Ok(ExitCode::Success)
}
