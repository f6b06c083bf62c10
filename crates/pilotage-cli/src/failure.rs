//! Why a command came to no verdict, told to a person.

use core::error::Error;
use std::io;
use std::path::PathBuf;

use pilotage_driver::drive::DriverError;
use pilotage_driver::role::StoreError;
use pilotage_rollout::ExitCode;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::Refusal;
use pilotage_rollout::target::ReadFailure;

use crate::{ConfigError, PlatformError};

/// Why a command came to no verdict.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The configuration is wrong.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// The target's side could not do its part.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The planner said no.
    #[error("no plan was made for `{target}`")]
    Refused {
        /// For which target.
        target: String,
        /// Why.
        source: Refusal,
    },
    /// The target cannot be read.
    #[error("`{target}` cannot be read: {reason}")]
    Unreadable {
        /// Which target.
        target: String,
        /// What was seen instead of an answer.
        reason: String,
        /// Whether trying again may help.
        transient: bool,
    },
    /// The journals cannot be read.
    #[error("the journals of `{target}` cannot be read")]
    Journals {
        /// Of which target.
        target: String,
        /// Why.
        source: StoreError,
    },
    /// The driver could not go on.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// There is no such run.
    #[error("`{target}` has no run `{run}`")]
    NoSuchRun {
        /// Where it was looked for.
        target: String,
        /// Which run.
        run: RunId,
    },
    /// Nothing was ever run.
    #[error("`{target}` has no run yet")]
    NoRuns {
        /// Where it was looked for.
        target: String,
    },
    /// There is a run that must be brought to an end first.
    #[error("run `{run}` of `{target}` is unfinished")]
    Unfinished {
        /// Of which target.
        target: String,
        /// Which run.
        run: RunId,
    },
    /// There is no earlier release to go back to.
    #[error("there is no earlier release of `{target}` to roll back to")]
    NoEarlierRelease {
        /// Of which target.
        target: String,
        /// Which there are.
        known: Vec<String>,
    },
    /// A file cannot be read or written.
    #[error("the file {} cannot be {verb}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Read or written.
        verb: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// The file holds no plan.
    #[error("the file {} holds no plan", .path.display())]
    NoPlan {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The plan is for another target.
    #[error("the plan is for `{planned}`, and this environment is `{target}`")]
    OtherTarget {
        /// What it was made for.
        planned: String,
        /// Where it was to be applied.
        target: String,
    },
    /// The plan is another one than was asked for.
    #[error("the plan is {found}, and {wanted} was asked for")]
    OtherPlan {
        /// The hash of the plan.
        found: String,
        /// The hash that was given.
        wanted: String,
    },
    /// What was asked for cannot be written.
    #[error("the output cannot be written")]
    Output(#[source] io::Error),
    /// The process cannot listen for signals, and would not stop safely.
    #[error("signals cannot be listened for, so a run could not be stopped safely")]
    Signals(#[source] io::Error),
}

impl Failure {
    pub(crate) fn unreadable(target: &str, failure: ReadFailure) -> Self {
        let (reason, transient) = match failure {
            ReadFailure::Unavailable { reason, .. } => (reason, true),
            ReadFailure::Refused { reason } => (reason, false),
        };
        Self::Unreadable { target: target.into(), reason, transient }
    }

    /// What the process returns.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Platform(error) => error.exit_code(),
            Self::Driver(error) => error.exit_code(),
            Self::Config(_)
            | Self::NoSuchRun { .. }
            | Self::NoRuns { .. }
            | Self::File { .. }
            | Self::NoPlan { .. }
            | Self::Output(_)
            | Self::OtherTarget { .. } => ExitCode::Usage,
            Self::Refused { .. }
            | Self::Unfinished { .. }
            | Self::NoEarlierRelease { .. }
            | Self::OtherPlan { .. }
            | Self::Signals(_) => ExitCode::Refused,
            Self::Unreadable { .. } | Self::Journals { .. } => ExitCode::Unknown,
        }
    }

    /// What helps, best first.
    pub fn help(&self) -> Vec<String> {
        let text = |text: &str| vec![text.to_owned()];
        match self {
            Self::Config(error) => error.help(),
            Self::Platform(error) => error.hints().to_vec(),
            Self::Driver(error) => error.hints().iter().map(ToString::to_string).collect(),
            Self::Unreadable { transient: true, .. } => text("try again; nothing was changed"),
            Self::Unreadable { .. } => text("check the target table and the permissions"),
            Self::NoSuchRun { .. } => text("see the runs with `history`"),
            Self::NoRuns { .. } => text("begin with `deploy`"),
            Self::Unfinished { .. } => {
                text("go on with it with `resume`, or take it back with `abort`")
            }
            Self::NoEarlierRelease { known, .. } if known.is_empty() => {
                text("bring out a good release with `deploy`")
            }
            Self::NoEarlierRelease { known, .. } => vec![format!("there is {}", known.join(", "))],
            Self::NoPlan { .. } => text("write a plan with `plan --out FILE`"),
            Self::OtherTarget { .. } => text("choose the environment of the plan with `--env`"),
            Self::OtherPlan { .. } => text("look at the plan again before it is applied"),
            Self::Refused { .. }
            | Self::Journals { .. }
            | Self::File { .. }
            | Self::Output(_)
            | Self::Signals(_) => vec![],
        }
    }
}

/// An error as a person reads it: what, because of what, and what helps.
pub fn explain(error: &(dyn Error + 'static), help: &[String], color: bool) -> String {
    let paint = |word: &str, style: &str| {
        if color { format!("\u{1b}[{style}m{word}\u{1b}[0m") } else { word.to_owned() }
    };
    let mut lines = vec![format!("{}: {error}", paint("error", "1;31"))];
    let because = paint("because", "1");
    lines.extend(causes(error).iter().map(|cause| format!("  {because}: {cause}")));
    lines.extend(help.iter().map(|help| format!("  {}: {help}", paint("help", "1;32"))));
    lines.join("\n")
}

/// An error as a machine reads it: the same words, and the exit code that goes with them.
pub fn failed(error: &(dyn Error + 'static), help: &[String], code: ExitCode) -> serde_json::Value {
    serde_json::json!({
        "event": "failed",
        "error": error.to_string(),
        "because": causes(error),
        "help": help,
        "exit_code": u8::from(code),
    })
}

/// Everything that an error was caused by, the closest first. A layer that only passes on the words
/// of the next one has said them already.
pub fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let all = core::iter::successors(error.source(), |cause| (**cause).source());
    said.extend(all.map(ToString::to_string));
    said.dedup();
    said.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Layer {
        words: &'static str,
        source: Option<Box<Layer>>,
    }

    fn layers(words: &[&'static str]) -> Option<Box<Layer>> {
        let (words, rest) = words.split_first()?;
        Some(Box::new(Layer { words, source: layers(rest) }))
    }

    #[test]
    fn what_is_passed_on_is_said_once() {
        let error = layers(&["not there", "not there", "no such file", "no such file", "gone"]);
        let error = error.expect("an error");
        assert_eq!(causes(&*error), ["no such file", "gone"]);
        assert!(causes(&*layers(&["alone"]).expect("an error")).is_empty());
    }
}
