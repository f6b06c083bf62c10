//! What is known when a process is done with a run.

use pilotage_rollout::Verdict;
use pilotage_rollout::journal::RunId;

use crate::text::one_line;
use crate::timeline::{Invocation, Timeline, in_words};

/// A run that a process is done with.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// How the program is called once more.
    pub again: Invocation,
    /// Which run.
    pub run: RunId,
    /// How it ended or was left.
    pub verdict: Verdict,
    /// The run as it was; nothing if the process never owned it.
    pub timeline: Option<Timeline>,
}

impl Closing {
    /// What to run next.
    pub fn next_command(&self) -> Option<String> {
        self.again.next(&self.run, &self.verdict)
    }

    /// The verdict in words.
    pub fn words(&self) -> String {
        in_words(&self.verdict)
    }

    /// One word for the verdict, the same as in the journal.
    pub const fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Deployed { .. } => "deployed",
            Verdict::Unchanged { .. } => "unchanged",
            Verdict::Reverted { .. } => "reverted",
            Verdict::NotReverted { .. } => "not_reverted",
            Verdict::Unknown { .. } => "unknown",
            Verdict::Busy { .. } => "busy",
            Verdict::Refused { .. } => "refused",
            Verdict::Paused { .. } => "paused",
            Verdict::Interrupted => "interrupted",
        }
    }

    /// Whether the wanted release serves.
    pub fn is_success(&self) -> bool {
        u8::from(self.verdict.exit_code()) == 0
    }

    /// What later steps may use: names and digests, never addresses, which a runner may hold for
    /// secrets and drop.
    pub fn outputs(&self) -> Vec<(&'static str, String)> {
        let mut outputs = vec![
            ("verdict", self.word().to_owned()),
            ("exit_code", u8::from(self.verdict.exit_code()).to_string()),
            ("run", one_line(&self.run.0, 200)),
        ];
        if let Some(timeline) = &self.timeline {
            let to = &timeline.plan().to;
            outputs.push(("release", to.id.to_string()));
            outputs.push(("digest", to.digest.to_string()));
        }
        outputs.push(("next", self.next_command().unwrap_or_default()));
        outputs
    }
}
