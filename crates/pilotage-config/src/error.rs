//! Why a file of settings cannot be used, with file, line and column.

use core::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use crate::{Fault, LARGEST};

/// Why a file cannot be used. Nothing was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
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
        let start = fault.place().map_or(0, |place| place.start);
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            path: path.into(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
            key: fault.key(),
            what: fault.to_string(),
            help: fault.help().map(Into::into),
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

impl DocumentError {
    /// What helps against what is wrong in the file or with it; how another file is named, or that
    /// one is made, is for its reader to say.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Wrong(wrong) => wrong.help.as_deref(),
            Self::Unreadable { .. } => Some("correct its permissions"),
            Self::Missing { .. } | Self::TooLarge { .. } | Self::NotText { .. } => None,
        }
    }

    /// What is wrong and what helps, in one line.
    pub fn advised(&self) -> String {
        self.help().map_or_else(|| self.to_string(), |help| format!("{self}; {help}"))
    }
}

impl From<Wrong> for DocumentError {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(Box::new(wrong))
    }
}
