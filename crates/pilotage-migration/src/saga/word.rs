//! What a worker leaves to say in the lease's record, so that whoever watches can read it.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use pilotage_artifact::Digest;
use pilotage_rollout::ExitCode;

/// What a worker says about a set of migrations. It stands in the record of the lease, where also
/// a job reads it that cannot reach the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Of which set.
    pub set: Digest,
    /// What about it.
    pub says: Says,
}

/// What there is to say about a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It is to be applied, or is being applied.
    Applying,
    /// All of it is applied.
    Applied,
    /// It failed.
    Failed {
        /// What stands for the kind of failure.
        code: ExitCode,
        /// Why.
        reason: String,
    },
}

/// A text that is no word about migrations: the lease was taken for something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` says nothing about migrations")]
pub struct NoWord(String);

const APPLYING: &str = "applying migrations ";
const APPLIED: &str = "applied migrations ";
const FAILED: &str = "failed migrations ";

impl Display for Word {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let set = self.set;
        match &self.says {
            Says::Applying => write!(f, "{APPLYING}{set}"),
            Says::Applied => write!(f, "{APPLIED}{set}"),
            Says::Failed { code, reason } => {
                write!(f, "{FAILED}{set} with code {}: {reason}", u8::from(*code))
            }
        }
    }
}

impl FromStr for Word {
    type Err = NoWord;

    fn from_str(text: &str) -> Result<Self, NoWord> {
        let plain = |rest: &str, says| Some(Self { set: rest.parse().ok()?, says });
        let failed = |rest: &str| {
            // A digest holds a colon itself: the reason begins after a colon and a space.
            let (head, reason) = rest.split_once(": ")?;
            let (set, code) = head.split_once(" with code ")?;
            let (set, code) = (set.parse().ok()?, code_of(code)?);
            Some(Self { set, says: Says::Failed { code, reason: reason.into() } })
        };
        let word = if let Some(rest) = text.strip_prefix(APPLYING) {
            plain(rest, Says::Applying)
        } else if let Some(rest) = text.strip_prefix(APPLIED) {
            plain(rest, Says::Applied)
        } else {
            text.strip_prefix(FAILED).and_then(failed)
        };
        word.ok_or_else(|| NoWord(text.into()))
    }
}

/// The codes that a failure can have.
fn code_of(text: &str) -> Option<ExitCode> {
    use ExitCode::{Busy, Interrupted, NotReverted, Paused, Refused, Reverted, Unknown, Usage};
    let all = [Reverted, Usage, NotReverted, Unknown, Busy, Refused, Paused, Interrupted];
    all.into_iter().find(|code| u8::from(*code).to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_travels_as_text_and_nothing_else_is_taken_for_one() {
        let set = Digest::of(b"set");
        for says in [
            Says::Applying,
            Says::Applied,
            Says::Failed { code: ExitCode::Paused, reason: "`1` with code 5: no: not".into() },
            Says::Failed { code: ExitCode::Interrupted, reason: String::new() },
        ] {
            let word = Word { set, says };
            assert_eq!(word.to_string().parse(), Ok(word));
        }
        for text in ["", "deploying shop", "applied migrations", "applied migrations shop"] {
            assert_eq!(text.parse::<Word>(), Err(NoWord(text.into())));
        }
    }
}
