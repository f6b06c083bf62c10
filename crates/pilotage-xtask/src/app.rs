//! A whole task runner in three lines, for any repository.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     pilotage_xtask::main(env!("CARGO_MANIFEST_DIR"))
//! }
//! ```
//!
//! The folder is that of the crate which calls: a library cannot know it by itself. Its parent is
//! the root of the repository. Tasks of the repository's own stand beside those that come along:
//!
//! ```no_run
//! # use std::process::ExitCode;
//! use pilotage_xtask::{App, TaskResult, terminal};
//!
//! fn greet(root: &std::path::Path, names: &[String]) -> TaskResult {
//!     terminal::say(format!("{}: {}", root.display(), names.join(" ")))?;
//!     Ok(())
//! }
//!
//! fn main() -> ExitCode {
//!     App::new(env!("CARGO_MANIFEST_DIR")).task("greet", "Say who is there", greet).main()
//! }
//! ```

use std::error::Error as StdError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command as Clap, FromArgMatches as _, Subcommand as _};

use crate::release::{self, ReleaseFailure};
use crate::{Error, interrupt, terminal};

/// How a task of a repository's own ends.
pub type TaskResult = Result<(), Box<dyn StdError>>;

/// A task of a repository's own: it gets the root and the words that follow its name.
pub type Run = fn(&Path, &[String]) -> TaskResult;

const USAGE: u8 = 2;

/// Runs the tasks that come along, for the crate in this folder.
pub fn main(folder: &str) -> ExitCode {
    App::new(folder).main()
}

/// A task runner.
#[derive(Debug)]
pub struct App {
    root: PathBuf,
    tasks: Vec<Task>,
}

#[derive(Debug)]
struct Task {
    name: &'static str,
    about: &'static str,
    run: Run,
}

impl App {
    /// A task runner whose crate is in this folder of the repository.
    pub fn new(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        Self { root: folder.parent().unwrap_or(folder).into(), tasks: Vec::new() }
    }

    /// Adds a task of the repository's own.
    pub fn task(mut self, name: &'static str, about: &'static str, run: Run) -> Self {
        self.tasks.push(Task { name, about, run });
        self
    }

    /// Does what was typed.
    pub fn main(self) -> ExitCode {
        self.run(std::env::args_os())
    }

    /// Does what the words say, the first being the program.
    fn run(&self, words: impl Iterator<Item = OsString>) -> ExitCode {
        let typed = match self.clap().try_get_matches_from(words) {
            Ok(typed) => typed,
            // A request for help is no mistake.
            Err(error) => {
                let _closed = error.print();
                return if error.use_stderr() { USAGE.into() } else { ExitCode::SUCCESS };
            }
        };
        let watched: TaskResult = interrupt::watch().map_err(Box::from);
        match watched.and_then(|()| self.dispatch(&typed)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => report(&*error),
        }
    }

    fn clap(&self) -> Clap {
        let release = release::Command::augment_subcommands(Clap::new("release"))
            .about("Make releases, and look at them")
            .subcommand_required(true)
            .arg_required_else_help(true);
        let own = |task: &Task| {
            let words = Arg::new("words").num_args(0..).trailing_var_arg(true);
            Clap::new(task.name).about(task.about).arg(words.allow_hyphen_values(true))
        };
        Clap::new("cargo xtask")
            .bin_name("cargo xtask")
            .about("The tasks of this repository")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(release)
            .subcommands(self.tasks.iter().map(own))
    }

    fn dispatch(&self, typed: &ArgMatches) -> TaskResult {
        let Some((name, typed)) = typed.subcommand() else { return Ok(()) };
        if let Some(task) = self.tasks.iter().find(|task| task.name == name) {
            let words = typed.get_many::<String>("words").into_iter().flatten();
            return (task.run)(&self.root, &words.cloned().collect::<Vec<_>>());
        }
        let command = release::Command::from_arg_matches(typed)?;
        Ok(command.run(&self.root, ci_ref().as_deref())?)
    }
}

/// The reference that a CI system says it builds: GitHub Actions, Azure DevOps, GitLab.
#[expect(clippy::disallowed_methods, reason = "the composition of a task runner")]
pub fn ci_ref() -> Option<String> {
    release::ci_ref(|name| std::env::var(name).ok())
}

/// Prints a failure with its causes, and gives the exit code.
fn report(error: &(dyn StdError + 'static)) -> ExitCode {
    terminal::complain(error);
    let interrupted = matches!(error.downcast_ref(), Some(Error::Interrupted { .. }));
    match error.downcast_ref::<ReleaseFailure>() {
        Some(error) => error.exit_code().into(),
        None if interrupted => terminal::INTERRUPTED.into(),
        None => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(_: &Path, words: &[String]) -> TaskResult {
        Err(words.join("+").into())
    }

    fn run(line: &str) -> String {
        let app = App::new("/nowhere/xtask").task("fails", "Always", fails);
        let words = line.split(' ').map(OsString::from);
        format!("{:?}", app.run(words))
    }

    #[test]
    fn every_ending_has_its_exit_code() {
        let code = |code: u8| format!("{:?}", ExitCode::from(code));
        assert_eq!(run("xtask release --help"), code(0));
        assert_eq!(run("xtask fails -x --y z"), code(1));
        assert_eq!(run("xtask relase"), code(2));
        assert_eq!(run("xtask release plan"), code(2), "there is no release.toml there");
    }

    #[test]
    fn the_parser_is_consistent() {
        App::new("/nowhere/xtask").task("fails", "Always", fails).clap().debug_assert();
    }
}
