//! A record of the journal as one line.

use pilotage_rollout::Moment;

/// One record, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the journal, counted from zero.
    pub sequence: usize,
    /// When.
    pub at: Moment,
    /// What kind of record it is.
    pub kind: Kind,
    /// What it says, cleaned.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// Whether it says nothing new: the end of a wait, or that all is as before.
    pub quiet: bool,
}

/// How a line is meant. Views show it by a word or a sign as well, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    Plain,
    /// Something was reached.
    Good,
    /// Something is odd, or not known.
    Odd,
    /// Something failed.
    Bad,
}

/// What kind of record a line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The run was opened.
    Opened,
    /// An order is about to be given.
    Order,
    /// What became of it.
    Outcome,
    /// The target was read.
    Observed,
    /// The migrations were looked at.
    Schema,
    /// A smoke check ended.
    Smoke,
    /// The judge looked.
    Judge,
    /// A person answered.
    Person,
    /// A wait is over.
    Woke,
    /// Something came from outside: an abort, an interruption, a lost lease, a resumption.
    Signal,
}

impl Kind {
    /// All of them, in the order in which a filter lists them.
    pub const ALL: [Self; 10] = [
        Self::Opened,
        Self::Order,
        Self::Outcome,
        Self::Observed,
        Self::Schema,
        Self::Smoke,
        Self::Judge,
        Self::Person,
        Self::Woke,
        Self::Signal,
    ];

    /// One word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Order => "order",
            Self::Outcome => "outcome",
            Self::Observed => "observed",
            Self::Schema => "schema",
            Self::Smoke => "smoke",
            Self::Judge => "judge",
            Self::Person => "person",
            Self::Woke => "woke",
            Self::Signal => "signal",
        }
    }
}
