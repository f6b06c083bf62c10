//! A campaign through every verb of a program.
//!
//! Which verbs there are is read from the program's own help, which is made of the very tree that
//! parses its arguments. So a verb that was added without a case fails the test.

use std::collections::BTreeSet;
use std::fmt::{self, Debug, Formatter};
use std::path::Path;
use std::process::{Command, Output};

use super::{Campaign, Canary, Leak};

/// How many verbs lie within each other at most.
const DEEPEST: usize = 4;

/// A campaign, and the verbs that it has been to.
pub struct Tour<'a> {
    campaign: Campaign,
    command: &'a dyn Fn() -> Command,
    been: BTreeSet<Vec<String>>,
}

impl<'a> Tour<'a> {
    /// A tour of the program that this command starts.
    pub fn new(command: &'a dyn Fn() -> Command) -> Self {
        Self { campaign: Campaign::new(), command, been: BTreeSet::new() }
    }

    /// A new canary for a slot.
    pub fn plant(&mut self, slot: &str) -> Canary {
        self.campaign.plant(slot)
    }

    /// Runs the program with these arguments, in this environment besides its own, and looks at all
    /// that it says.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn go(&mut self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let output = (self.command)().args(args).envs(variables.iter().copied()).output();
        let output = output.unwrap_or_else(|error| panic!("{args:?}: {error}"));
        self.look(args, &output);
        output
    }

    /// Looks at what the program has said elsewhere with these arguments.
    pub fn look(&mut self, args: &[&str], output: &Output) {
        self.campaign.look(&format!("stdout of {args:?}"), &output.stdout);
        self.campaign.look(&format!("stderr of {args:?}"), &output.stderr);
        // Arguments that were not understood led nowhere.
        let is_lost = String::from_utf8_lossy(&output.stderr).contains("try '--help'");
        if !is_lost {
            self.been.insert(args.iter().map(ToString::to_string).collect());
        }
    }

    /// Looks into all files under a directory but those that hold secrets on purpose.
    pub fn look_into(&mut self, directory: &Path, is_kept: &dyn Fn(&Path) -> bool) {
        self.campaign.look_into_but(directory, is_kept);
    }

    /// What was found up to now; forgotten then.
    pub fn leaks(&mut self) -> Vec<Leak> {
        self.campaign.leaks()
    }

    /// Ends the tour.
    ///
    /// # Panics
    ///
    /// If a verb was left out, or if anything has leaked.
    pub fn nothing_leaked(self) {
        let left_out: Vec<String> = self
            .verbs()
            .iter()
            .filter(|verb| !self.been.iter().any(|args| is_within(verb, args)))
            .map(|verb| verb.join(" "))
            .collect();
        assert!(left_out.is_empty(), "these verbs have no case in the campaign: {left_out:?}");
        self.campaign.nothing_leaked();
    }

    /// Every verb that has no verbs within it.
    fn verbs(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        self.descend(&mut Vec::new(), &mut found);
        assert!(!found.is_empty(), "the help names no verbs");
        found
    }

    fn descend(&self, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let output = (self.command)().args(path.iter()).arg("--help").output();
        let help = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let within = help.as_deref().map(verbs_in).unwrap_or_default();
        if within.is_empty() || path.len() == DEEPEST {
            found.push(path.clone());
            return;
        }
        for verb in within {
            path.push(verb);
            self.descend(path, found);
            path.pop();
        }
    }
}

impl Debug for Tour<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tour").field("been", &self.been).finish_non_exhaustive()
    }
}

/// Whether these arguments lead to this verb: its words in their order, with options between.
fn is_within(verb: &[String], args: &[String]) -> bool {
    let mut args = args.iter();
    verb.iter().all(|word| args.any(|arg| arg == word))
}

/// The verbs that a help text lists.
fn verbs_in(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.is_empty());
    // What is indented further goes on explaining a verb.
    let name = |line: &str| {
        let rest = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    list.filter_map(name).filter(|verb| verb != "help").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with two verbs, one of which shows what it was given.
    #[expect(clippy::disallowed_methods, reason = "a program to be toured")]
    fn program() -> Command {
        let script = r#"case "$*" in
            --help) printf 'Commands:\n  show  Show it\n         at once\n  keep  Keep it\n  help  x\n\nOptions:\n' ;;
            show*) echo "$VALUE" ;;
        esac"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "program"]);
        command
    }

    #[test]
    #[should_panic(expected = "no case in the campaign: [\"keep\"]")]
    fn a_verb_without_a_case_fails() {
        let mut tour = Tour::new(&program);
        tour.plant("none");
        tour.go(&["show"], &[]);
        tour.nothing_leaked();
    }

    #[test]
    fn what_a_verb_shows_is_found() {
        let mut tour = Tour::new(&program);
        let canary = tour.plant("a value");
        tour.go(&["keep"], &[("VALUE", canary.plain())]);
        assert!(tour.leaks().is_empty());
        tour.go(&["show", "--all"], &[("VALUE", canary.plain())]);
        assert_eq!(tour.leaks().len(), 1);
        tour.nothing_leaked();
    }
}
