//! Telling a CI runner what to mask in logs that it alone writes.
//!
//! A runner masks what it was told of, also in the output of later steps. The telling is a line in
//! the job's own log **that holds the secret**: it may be written only to the runner that reads it,
//! and never where the runner's output is a file or a pipe of somebody else. Both runners look for
//! such lines in stdout and stderr alike, so that stdout can be left to data.

use core::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::part;
use crate::secrets::{Unmasked, Why, unfit};

/// Who reads commands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// A runner of GitHub Actions.
    GitHub,
    /// An agent of Azure Pipelines.
    Azure,
}

/// One line, without its end, that tells a runner one text to mask.
#[derive(Clone, PartialEq, Eq)]
pub struct Command(Zeroizing<String>);

impl Command {
    /// The line, with the secret in it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Debug for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Command(hidden)")
    }
}

/// The lines that tell the runner of this value: one for each part of it that is one line and can
/// be masked. A value that is no text is not told, for a line could not hold it.
pub fn commands(runner: Runner, value: &[u8]) -> Vec<Command> {
    let parts = part::parts(value).into_iter();
    let fit = parts.filter(|part| unfit(&part.bytes).is_none() && !part.bytes.contains(&b'\n'));
    fit.filter_map(|part| core::str::from_utf8(&part.bytes).ok().map(|text| line(runner, text)))
        .collect()
}

/// What a runner was told, so that nothing is told twice.
pub(crate) struct Told {
    runner: Runner,
    tell: Arc<dyn Fn(&Command) + Send + Sync>,
    said: Vec<Command>,
}

/// Lines on their way to a runner, each for the first time, and what no line can say.
pub(crate) struct News {
    tell: Arc<dyn Fn(&Command) + Send + Sync>,
    lines: Vec<Command>,
    untellable: Vec<Unmasked>,
}

impl Told {
    pub(crate) fn new(runner: Runner, tell: impl Fn(&Command) + Send + Sync + 'static) -> Self {
        Self { runner, tell: Arc::new(tell), said: Vec::new() }
    }

    /// What is still to be told of these values.
    pub(crate) fn news(&mut self, values: &[(&str, &[u8])]) -> News {
        let (from, mut untellable) = (self.said.len(), Vec::new());
        for (name, value) in values {
            let lines = commands(self.runner, value);
            untellable.extend(lines.is_empty().then(|| silent(name, value)).flatten());
            for line in lines {
                if !self.said.contains(&line) {
                    self.said.push(line);
                }
            }
        }
        let lines = self.said.get(from..).unwrap_or_default().to_vec();
        News { tell: self.tell.clone(), lines, untellable }
    }
}

impl News {
    /// Tells the lines, and returns what could not be told.
    pub(crate) fn tell(self) -> Vec<Unmasked> {
        self.lines.iter().for_each(|line| (self.tell)(line));
        self.untellable
    }
}

/// A value of which no line tells anything, unless it is one that is not masked anyhow.
fn silent(name: &str, value: &[u8]) -> Option<Unmasked> {
    let (part, why) = ("the value".into(), Why::Untellable);
    unfit(value.trim_ascii()).is_none().then(|| Unmasked { name: name.into(), part, why })
}

fn line(runner: Runner, text: &str) -> Command {
    let (command, percent) = match runner {
        Runner::GitHub => ("::add-mask::", "%25"),
        Runner::Azure => ("##vso[task.setsecret]", "%AZP25"),
    };
    let mut line = Zeroizing::new(String::with_capacity(command.len() + text.len() * 6));
    line.push_str(command);
    for char in text.chars() {
        match char {
            '%' => line.push_str(percent),
            '\r' => line.push_str("%0D"),
            char => line.push(char),
        }
    }
    Command(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(runner: Runner, value: &str) -> Vec<String> {
        commands(runner, value.as_bytes()).iter().map(|line| line.expose().to_owned()).collect()
    }

    #[test]
    fn each_line_is_told_on_a_line_of_its_own() {
        assert_eq!(
            said(Runner::GitHub, "first-line\r\nx\n100%-second\n"),
            ["::add-mask::first-line", "::add-mask::100%25-second"]
        );
        assert_eq!(
            said(Runner::Azure, "100%\rsecret"),
            ["##vso[task.setsecret]100%AZP25%0Dsecret"]
        );
    }

    #[test]
    fn what_would_ruin_the_log_is_not_told() {
        assert!(said(Runner::GitHub, "true").is_empty());
        assert!(said(Runner::GitHub, "postgres").is_empty());
        assert_eq!(said(Runner::GitHub, r#"{"u": "postgres", "p": "hunter2!"}"#).len(), 2);
    }

    #[test]
    fn a_command_does_not_print_itself() {
        assert_eq!(format!("{:?}", commands(Runner::GitHub, b"hunter2!")), "[Command(hidden)]");
    }
}
