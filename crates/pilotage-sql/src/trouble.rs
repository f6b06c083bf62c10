//! How a statement failed, as far as its outcome is concerned.

use std::error::Error;

/// How a statement failed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server has refused it: nothing was done.
    Refused(Box<dyn Error + Send + Sync>),
    /// The table is not there: nothing was done.
    NoTable,
    /// There is such a row already: nothing was done.
    Duplicate,
    /// The connection failed, or the server went away: it may be done.
    Unknown(Box<dyn Error + Send + Sync>),
}

impl Trouble {
    pub(crate) fn into_source(self) -> Box<dyn Error + Send + Sync> {
        match self {
            Self::Refused(source) | Self::Unknown(source) => source,
            Self::NoTable => "its table is not there".into(),
            Self::Duplicate => "there is such a row already".into(),
        }
    }
}
