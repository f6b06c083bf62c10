//! What the program says about itself: schema, completions, manual pages.

use pilotage_rollout::ExitCode;

use crate::args::{CompletionsArgs, ManArgs};
use crate::command::command;
use crate::{Failure, Outfit, Platform, SCHEMA};

pub(crate) fn schema<P: Platform>(outfit: &Outfit<P>) -> Result<ExitCode, Failure> {
    print(outfit, SCHEMA.as_bytes())
}

pub(crate) fn completions<P: Platform>(
    outfit: &Outfit<P>,
    args: &CompletionsArgs,
) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command::<P>(), P::PROGRAM, &mut script);
    print(outfit, &script)
}

pub(crate) fn man<P: Platform>(outfit: &Outfit<P>, args: &ManArgs) -> Result<ExitCode, Failure> {
    let mut program = command::<P>();
    program.build();
    let verb = args.verb.as_deref();
    let page = verb.map_or(Some(&program), |verb| program.find_subcommand(verb));
    let Some(page) = page.cloned() else {
        outfit.io.err.mention("error: there is no such verb\n  help: see `--help`");
        return Ok(ExitCode::Usage);
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).map_err(Failure::Output)?;
    print(outfit, &roff)
}

fn print<P: Platform>(outfit: &Outfit<P>, bytes: &[u8]) -> Result<ExitCode, Failure> {
    outfit.io.out.write(&String::from_utf8_lossy(bytes)).map_err(Failure::Output)?;
    Ok(ExitCode::Success)
}
