//! Why a configuration cannot be used.

use std::path::PathBuf;

use pilotage_config::{DocumentError, closest};

/// Why the configuration cannot be used. Nothing was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read, or something in it is wrong.
    #[error(transparent)]
    Document(#[from] DocumentError),
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

impl ConfigError {
    /// What helps, best first.
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Document(error) => of_document(error),
            Self::NoSuchEnvironment { name, known, .. } => no_such(name, known),
            Self::NoneChosen { known, .. } => {
                vec![format!("choose with `--env`: {}", listed(known))]
            }
        }
    }
}

fn of_document(error: &DocumentError) -> Vec<String> {
    match error {
        DocumentError::Missing { .. } => {
            vec![
                "write one, or name another with `--config FILE`".into(),
                "see `pilotage schema`".into(),
            ]
        }
        DocumentError::TooLarge { .. } | DocumentError::NotText { .. } => {
            vec!["name the right file with `--config FILE`".into()]
        }
        other => other.help().map(Into::into).into_iter().collect(),
    }
}

fn no_such(name: &str, known: &[String]) -> Vec<String> {
    let closest = closest(name, known.iter().map(String::as_str));
    let meant = closest.map(|closest| format!("did you mean `{closest}`?"));
    meant.into_iter().chain([format!("it has {}", listed(known))]).collect()
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
