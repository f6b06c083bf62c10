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

/// What an error says, with what it is about: a server's own word, where there is one.
pub(crate) fn words(error: &(dyn Error + 'static)) -> String {
    if let Some(words) = crate::postgres::words(error).or_else(|| crate::mysql::words(error)) {
        return words;
    }
    let mut words = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        let word = error.to_string();
        if !words.contains(&word) {
            words = format!("{words}: {word}");
        }
        inner = error.source();
    }
    // A driver repeats itself where it wraps its own errors.
    let mut parts: Vec<&str> = words.split(": ").collect();
    parts.dedup();
    parts.join(": ")
}

/// Whether an error is an answer of the server that stays the same until a person changes something:
/// not that it is busy, starts or ends, nor the lack of an answer.
pub(crate) fn is_final(error: &(dyn Error + 'static)) -> bool {
    crate::postgres::is_final(error) || crate::mysql::is_final(error)
}
