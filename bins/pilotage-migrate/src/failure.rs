//! Why nothing was judged.

use std::io;

use pilotage_migration::set::SetError;

/// Why nothing was judged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The files cannot be found or read.
    #[error(transparent)]
    Set(#[from] SetError),
    /// What was asked for cannot be written.
    #[error("the report cannot be written")]
    Output(#[source] io::Error),
}

impl Failure {
    /// What helps, best first.
    pub(crate) fn help(&self) -> Vec<String> {
        match self {
            Self::Set(SetError::NoSuchFile { .. }) => {
                vec!["name the last applied file as it is called in its folder".to_owned()]
            }
            Self::Set(_) => vec!["name the folder or the files of the migrations".to_owned()],
            Self::Output(_) => Vec::new(),
        }
    }
}
