//! What the program says about itself: completions and manual pages.

use clap::CommandFactory as _;
use clap_complete::Shell;
use pilotage_rollout::ExitCode;

use super::print;
use crate::args::Cli;
use crate::failure::{Done, failed, wrong};
use crate::world::World;

pub(crate) fn completions(world: &World, shell: Shell) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "pilotage-secret", &mut script);
    print(world, &String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Success)
}

pub(crate) fn man(world: &World, verb: Option<&str>) -> Done {
    let mut program = Cli::command();
    program.build();
    let page = verb.map_or(Some(&program), |verb| program.find_subcommand(verb));
    let page = page.cloned().ok_or_else(|| wrong("there is no such verb").help("see `--help`"))?;
    let mut roff = Vec::new();
    let rendered = clap_mangen::Man::new(page).render(&mut roff);
    rendered.map_err(|error| failed("the page cannot be written", error))?;
    print(world, &String::from_utf8_lossy(&roff))?;
    Ok(ExitCode::Success)
}
