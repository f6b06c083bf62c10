//! Why a leap was not made, in the terms of a worker.

use pilotage_lease::Fence;
use pilotage_migration::saga::database::{Leapt, Trouble};
use pilotage_migration::saga::script::Sql;
use pilotage_migration::sql::Place;

use super::server::{About, Stopped, Words};
use crate::trouble;

/// Why a leap was not made.
#[derive(Debug)]
pub(super) enum Halt {
    /// A later fence is known.
    Fenced(Fence),
    /// Something of our own failed.
    Trouble(trouble::Trouble),
    /// Others kept their locks for too long.
    Locked(String),
    /// A statement was refused.
    Refused(String),
    /// What became of it is not known.
    Unknown(String),
}

impl From<trouble::Trouble> for Halt {
    fn from(trouble: trouble::Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Halt {
    /// A statement of a file stopped.
    pub(super) fn at(statement: &Sql, stopped: Stopped) -> Self {
        let placed = |words: Words| {
            let Place { line, column } = place(statement, words.about);
            format!("line {line}, column {column}: {}", words.text)
        };
        match stopped {
            Stopped::Locked(words) => Self::Locked(placed(words)),
            Stopped::Refused(words) => Self::Refused(placed(words)),
            Stopped::Unknown(words) => Self::Unknown(placed(words)),
        }
    }

    /// A transaction was not ended as it should be.
    pub(super) fn at_commit(stopped: Stopped) -> Self {
        let text = |words: Words| format!("at the end of the transaction: {}", words.text);
        match stopped {
            Stopped::Locked(words) => Self::Locked(text(words)),
            Stopped::Refused(words) => Self::Refused(text(words)),
            Stopped::Unknown(words) => Self::Unknown(text(words)),
        }
    }

    pub(super) fn into_leapt(self) -> Leapt {
        match self {
            Self::Fenced(newer) => Leapt::Fenced { newer },
            Self::Locked(reason) => Leapt::Locked { reason },
            Self::Refused(reason) => Leapt::Refused { reason },
            Self::Unknown(reason) => Leapt::Unknown { reason },
            Self::Trouble(trouble::Trouble::Unknown(source)) => {
                Leapt::Unknown { reason: trouble::words(&*source) }
            }
            Self::Trouble(trouble) => {
                Leapt::Refused { reason: trouble::words(&*trouble.into_source()) }
            }
        }
    }

    pub(super) fn into_trouble(self, place: String, what: &str) -> Trouble {
        match self {
            Self::Fenced(newer) => Trouble::Fenced { place, newer },
            Self::Unknown(reason) => Trouble::Away { place, reason },
            Self::Locked(reason) | Self::Refused(reason) => {
                Trouble::Refused { place, what: what.into(), reason }
            }
            Self::Trouble(trouble) => failed(place, what)(trouble),
        }
    }
}

/// Something that every migration needs was not done.
pub(super) fn failed(
    place: String,
    what: &str,
) -> impl FnOnce(trouble::Trouble) -> Trouble + use<> {
    let what = what.to_owned();
    move |trouble| match trouble {
        trouble::Trouble::Unknown(source) => {
            Trouble::Away { place, reason: trouble::words(&*source) }
        }
        trouble => {
            let reason = trouble::words(&*trouble.into_source());
            Trouble::Refused { place, what, reason }
        }
    }
}

fn place(statement: &Sql, about: About) -> Place {
    match about {
        About::Character(character) => statement.place(character),
        About::All | About::Line(0) => statement.at,
        About::Line(line) => Place { line: statement.at.line + line, column: 1 },
    }
}
