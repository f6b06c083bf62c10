//! What is wrong with the configuration, with file, line and column.

use core::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use super::fault::Fault;

/// The largest file that is read: nobody writes a longer one on purpose.
pub const LARGEST: u64 = 1 << 20;

/// Why the configuration cannot be used. Nothing was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no such file.
    #[error("there is no configuration at {}", .path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("the configuration at {} cannot be read", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The file is larger than any configuration.
    #[error("{} has more than the {LARGEST} bytes that a configuration may have", .path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// The file is not text.
    #[error("{} is not UTF-8 text, from byte {at} on", .path.display())]
    NotText {
        /// Which file.
        path: PathBuf,
        /// The first byte that is none.
        at: usize,
    },
    /// Something in the file is wrong.
    #[error("{0}")]
    Wrong(Box<Wrong>),
    /// The file has no such environment.
    #[error("{} has no environment `{name}`", .path.display())]
    NoSuchEnvironment {
        /// Which file.
        path: PathBuf,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The file has several environments, and none was chosen.
    #[error("{} has several environments and none was chosen", .path.display())]
    NoneChosen {
        /// Which file.
        path: PathBuf,
        /// What there is.
        known: Vec<String>,
    },
}

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    path: PathBuf,
    line: usize,
    column: usize,
    key: String,
    what: String,
    help: Option<String>,
}

impl Wrong {
    pub(crate) fn new(path: &Path, text: &str, fault: &Fault) -> Self {
        let start = fault.place.as_ref().map_or(0, |place| place.start);
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            path: path.into(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
            key: fault.key(),
            what: fault.what.clone(),
            help: fault.help.clone(),
        }
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, key, what, .. } = self;
        write!(f, "{}:{line}:{column}: ", path.display())?;
        match key.as_str() {
            "" => f.write_str(what),
            key => write!(f, "in `{key}`: {what}"),
        }
    }
}

impl ConfigError {
    /// What helps, best first.
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Missing { .. } => {
                vec![
                    "write one, or name another with `--config FILE`".into(),
                    "see `schema`".into(),
                ]
            }
            Self::Unreadable { .. } => vec!["correct its permissions".into()],
            Self::TooLarge { .. } | Self::NotText { .. } => {
                vec!["name the right file with `--config FILE`".into()]
            }
            Self::Wrong(wrong) => wrong.help.iter().cloned().collect(),
            Self::NoSuchEnvironment { name, known, .. } => no_such(name, known),
            Self::NoneChosen { known, .. } => {
                vec![format!("choose with `--env`: {}", listed(known))]
            }
        }
    }
}

fn no_such(name: &str, known: &[String]) -> Vec<String> {
    let closest = super::suggest::closest(name, known.iter().map(String::as_str));
    let meant = closest.map(|closest| format!("did you mean `{closest}`?"));
    meant.into_iter().chain([format!("it has {}", listed(known))]).collect()
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
