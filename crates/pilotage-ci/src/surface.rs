//! Where a run is shown, found out from values that the caller passes in.

use pilotage_redact::runner::Runner;

/// Where a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A terminal with a person in front of it: lines are redrawn.
    Terminal,
    /// A log: one line an event, none ever changed.
    Plain,
    /// A step of a GitHub Actions job.
    GitHub,
    /// A step of an Azure Pipelines job.
    Azure,
}

impl Surface {
    /// The surface of a process with these environment variables, whose output is a terminal or
    /// is not.
    pub fn detect(variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> Self {
        let is_true = |name| variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let is_dumb = variable("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        if is_true("GITHUB_ACTIONS") {
            Self::GitHub
        } else if is_true("TF_BUILD") {
            Self::Azure
        } else if is_terminal && !is_dumb && !is_true("CI") {
            Self::Terminal
        } else {
            Self::Plain
        }
    }

    /// The runner that reads along there, and can be told what to mask.
    pub const fn runner(self) -> Option<Runner> {
        match self {
            Self::Terminal | Self::Plain => None,
            Self::GitHub => Some(Runner::GitHub),
            Self::Azure => Some(Runner::Azure),
        }
    }

    /// Whether colours may be used there: only on a terminal, unless `NO_COLOR` is set.
    pub fn may_use_colour(self, variable: impl Fn(&str) -> Option<String>) -> bool {
        self == Self::Terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(values: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_surface_follows_the_environment() {
        let xterm = ("TERM", "xterm-256color");
        for (values, is_terminal, surface) in [
            (vec![xterm], true, Surface::Terminal),
            (vec![xterm], false, Surface::Plain),
            (vec![("TERM", "dumb")], true, Surface::Plain),
            (vec![], true, Surface::Plain),
            (vec![xterm, ("CI", "true")], true, Surface::Plain),
            (vec![xterm, ("CI", "true"), ("GITHUB_ACTIONS", "true")], true, Surface::GitHub),
            (vec![("TF_BUILD", "True")], false, Surface::Azure),
            (vec![xterm, ("GITHUB_ACTIONS", "")], true, Surface::Terminal),
        ] {
            assert_eq!(Surface::detect(of(&values), is_terminal), surface, "{values:?}");
        }
    }

    #[test]
    fn colours_are_only_for_terminals_and_never_against_no_color() {
        assert!(Surface::Terminal.may_use_colour(of(&[("NO_COLOR", "")])));
        assert!(!Surface::Terminal.may_use_colour(of(&[("NO_COLOR", "1")])));
        assert!(!Surface::Plain.may_use_colour(of(&[])));
    }
}
