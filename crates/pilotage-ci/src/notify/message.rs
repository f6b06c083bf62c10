//! What people are told, before it takes the form of any receiver.

use pilotage_driver::role::{Note, Notice};
use pilotage_rollout::Verdict;

use crate::text::one_line;
use crate::timeline::{Invocation, in_words};

/// The longest text of a message, in bytes; every receiver takes at least this much.
const LONGEST_TEXT: usize = 2_000;

/// What people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One word for what happened, for programs.
    pub event: &'static str,
    /// What happened, on one line.
    pub title: String,
    /// Why, or what that means; perhaps nothing.
    pub text: String,
    /// Which run.
    pub run: String,
    /// At which target.
    pub target: String,
    /// What to run next.
    pub next: Option<String>,
    /// How it is meant.
    pub mood: Mood,
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// For information.
    Calm,
    /// It ended as wanted.
    Glad,
    /// Somebody should look.
    Worried,
    /// Somebody must look.
    Alarmed,
}

impl Mood {
    /// A sign for it, so that it is not shown by colour alone.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Calm => "🚢",
            Self::Glad => "✅",
            Self::Worried => "⚠️",
            Self::Alarmed => "🚨",
        }
    }
}

impl Message {
    /// The message for a note, with what to run next.
    pub fn of(note: &Note, again: &Invocation) -> Self {
        let target = one_line(&note.target, 200);
        let (event, what, text, mood) = match &note.notice {
            Notice::Started => ("started", "deploying".to_owned(), String::new(), Mood::Calm),
            Notice::Reverting { cause } => {
                ("reverting", "going back".to_owned(), cause.to_string(), Mood::Worried)
            }
            Notice::Ended(verdict) => ended(verdict),
            Notice::Left { reason } => {
                ("left", "left as it is".to_owned(), reason.clone(), Mood::Alarmed)
            }
        };
        Self {
            event,
            title: format!("{target}: {what}"),
            text: one_line(&text, LONGEST_TEXT),
            run: one_line(&note.run.0, 200),
            target,
            next: next(note, again),
            mood,
        }
    }
}

fn next(note: &Note, again: &Invocation) -> Option<String> {
    match &note.notice {
        Notice::Ended(verdict) => again.next(&note.run, verdict),
        Notice::Left { .. } => again.next(&note.run, &Verdict::Interrupted),
        Notice::Started | Notice::Reverting { .. } => None,
    }
}

fn ended(verdict: &Verdict) -> (&'static str, String, String, Mood) {
    let (event, what, mood) = match verdict {
        Verdict::Deployed { .. } => ("deployed", "deployed", Mood::Glad),
        Verdict::Unchanged { .. } => ("unchanged", "unchanged", Mood::Glad),
        Verdict::Reverted { .. } => ("reverted", "failed, the old release serves", Mood::Worried),
        Verdict::NotReverted { .. } => ("not_reverted", "failed and not reverted", Mood::Alarmed),
        Verdict::Unknown { .. } => ("unknown", "state unknown", Mood::Alarmed),
        Verdict::Busy { .. } => ("busy", "somebody else deploys", Mood::Worried),
        Verdict::Refused { .. } => ("refused", "refused", Mood::Worried),
        Verdict::Paused { .. } => ("paused", "waits for a person", Mood::Worried),
        Verdict::Interrupted => ("interrupted", "interrupted and held", Mood::Worried),
    };
    (event, what.to_owned(), in_words(verdict), mood)
}
