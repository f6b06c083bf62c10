//! The log of a GitHub Actions step: a group for each part of the run, annotations for what is odd.

use super::grouped::{Dialect, Grouped};
use super::{Scene, View};
use crate::ci::github::{self, Annotations, Level, Token, untrusted};
use crate::ci::{CiError, defused};

/// A log with groups.
///
/// Its own lines begin with a time, which no command does. What repeats text from outside stands
/// between commands that stop and resume the runner's search for commands, each time under a token
/// of its own, because the runner shows it.
#[derive(Debug)]
pub struct GitHub(Grouped<Runner>);

impl GitHub {
    /// A log whose foreign text is guarded by tokens from here, usually [`Token::random`].
    pub fn new(new_token: fn() -> Result<Token, CiError>) -> Self {
        Self(Grouped::new(Runner { new_token, annotations: Annotations::default() }))
    }
}

impl View for GitHub {
    fn show(&mut self, scene: Scene<'_>) -> String {
        self.0.show(scene)
    }
}

#[derive(Debug)]
struct Runner {
    new_token: fn() -> Result<Token, CiError>,
    annotations: Annotations,
}

impl Dialect for Runner {
    fn group(&self, title: &str) -> String {
        github::group(title)
    }

    fn end_group(&self) -> String {
        github::end_group()
    }

    fn own(&self, text: &str) -> String {
        defused(text)
    }

    /// Without a token it is not shown at all.
    fn foreign(&self, text: &str) -> String {
        match (self.new_token)() {
            Ok(token) => untrusted(&token, text),
            Err(error) => format!("(left out: {error})\n"),
        }
    }

    fn warning(&mut self, text: &str) -> String {
        self.annotations.say(Level::Warning, "pilotage", text)
    }
}
