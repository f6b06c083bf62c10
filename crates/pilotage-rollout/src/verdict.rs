//! How a run ended, and what the process that ran it returns.
//!
//! There are few verdicts, each has one exit code, and not knowing is one of them.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};

use pilotage_artifact::ReleaseId;
use serde::{Deserialize, Serialize};

use crate::Span;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// Exactly the planned release serves; asserted against the live target.
    Deployed {
        /// What serves.
        release: ReleaseId,
    },
    /// Exactly the planned release served already, and nothing was written.
    Unchanged {
        /// What serves.
        release: ReleaseId,
    },
    /// It failed, and exactly the old release serves; asserted against the live target.
    Reverted {
        /// What failed.
        cause: Cause,
    },
    /// It failed and could not be taken back; what serves is held as it is.
    NotReverted {
        /// What failed.
        cause: Cause,
    },
    /// The target could not be read back, so nobody knows.
    Unknown {
        /// What was seen instead of an answer.
        reason: String,
    },
    /// Somebody else owns the target.
    Busy {
        /// Who, as far as is known.
        reason: String,
    },
    /// A guard said no before anything was written.
    Refused {
        /// Which guard, and what would satisfy it.
        reason: String,
    },
    /// The run waits for a person.
    Paused {
        /// What the person has to decide.
        reason: String,
    },
    /// The process was told to stop; the target is held in a safe state.
    Interrupted,
}

impl Verdict {
    /// The exit code that stands for the verdict in every binary.
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Deployed { .. } | Self::Unchanged { .. } => ExitCode::Success,
            Self::Reverted { .. } => ExitCode::Reverted,
            Self::NotReverted { .. } => ExitCode::NotReverted,
            Self::Unknown { .. } => ExitCode::Unknown,
            Self::Busy { .. } => ExitCode::Busy,
            Self::Refused { .. } => ExitCode::Refused,
            Self::Paused { .. } => ExitCode::Paused,
            Self::Interrupted => ExitCode::Interrupted,
        }
    }

    /// The verb to run next, if there is something left to do.
    pub const fn next_verb(&self) -> Option<&'static str> {
        match self {
            Self::Deployed { .. } | Self::Unchanged { .. } | Self::Reverted { .. } => None,
            Self::NotReverted { .. } => Some("abort"),
            Self::Unknown { .. } | Self::Paused { .. } | Self::Interrupted => Some("resume"),
            Self::Busy { .. } => Some("status"),
            Self::Refused { .. } => Some("plan"),
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deployed { release } => write!(f, "deployed: exactly `{release}` serves"),
            Self::Unchanged { release } => write!(f, "unchanged: `{release}` served already"),
            Self::Reverted { cause } => write!(f, "reverted, the old release serves: {cause}"),
            Self::NotReverted { cause } => write!(f, "failed and not reverted: {cause}"),
            Self::Unknown { reason } => write!(f, "unknown, reading back failed: {reason}"),
            Self::Busy { reason } => write!(f, "somebody else owns the target: {reason}"),
            Self::Refused { reason } => write!(f, "refused: {reason}"),
            Self::Paused { reason } => write!(f, "paused, a person has to decide: {reason}"),
            Self::Interrupted => f.write_str("interrupted, held in a safe state"),
        }
    }
}

/// What the process returns. The numbers are part of the interface and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ExitCode {
    /// Deployed, or unchanged.
    Success = 0,
    /// Failed; the old version serves.
    Reverted = 1,
    /// The command line or the configuration is wrong; nothing was done.
    Usage = 2,
    /// Failed, and not reverted.
    NotReverted = 3,
    /// Reading back was impossible.
    Unknown = 4,
    /// Somebody else owns the target.
    Busy = 5,
    /// Refused by a guard or a gate.
    Refused = 6,
    /// Waits for a person.
    Paused = 7,
    /// Interrupted, held, resumable.
    Interrupted = 130,
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code as Self
    }
}

/// What made a run fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cause {
    /// The candidate did not become healthy, or did not stay so.
    Unhealthy {
        /// The failing units' own words.
        reason: String,
    },
    /// Waiting cannot help: the image does not exist, a secret may not be read.
    Hopeless {
        /// The failing unit's own words.
        reason: String,
    },
    /// The judge found the candidate worse.
    Judged {
        /// Which metric, and by how much.
        reason: String,
    },
    /// The judge could not decide in time, and the plan says that this is a failure.
    Inconclusive {
        /// What is missing.
        reason: String,
    },
    /// A smoke check failed.
    Smoke {
        /// Which.
        check: String,
        /// What it said.
        reason: String,
    },
    /// A person said no.
    Declined {
        /// Who, and why.
        reason: String,
    },
    /// The target will not do what the plan needs.
    Refused {
        /// What was asked for and what the target said.
        reason: String,
    },
    /// The platform's own controller gave up.
    Platform {
        /// Its reason.
        reason: String,
    },
    /// The expand migrations failed half-way.
    Migration {
        /// What the database said.
        reason: String,
    },
    /// Something took longer than the plan allows.
    Timeout {
        /// What was waited for.
        waiting_for: String,
        /// How long at most.
        limit: Span,
    },
    /// The run used up the calls that the plan allows.
    Budget {
        /// How many those are.
        calls: u32,
    },
    /// A person gave it up.
    Aborted {
        /// Who.
        by: String,
    },
}

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unhealthy { reason } => write!(f, "the candidate is not healthy: {reason}"),
            Self::Hopeless { reason } => write!(f, "the candidate cannot start: {reason}"),
            Self::Judged { reason } => write!(f, "the candidate is worse: {reason}"),
            Self::Inconclusive { reason } => write!(f, "the judge could not decide: {reason}"),
            Self::Smoke { check, reason } => write!(f, "smoke check `{check}` failed: {reason}"),
            Self::Declined { reason } => write!(f, "a person said no: {reason}"),
            Self::Refused { reason } => write!(f, "the target refused: {reason}"),
            Self::Platform { reason } => write!(f, "the platform gave up: {reason}"),
            Self::Migration { reason } => write!(f, "the migration failed half-way: {reason}"),
            Self::Timeout { waiting_for, limit } => {
                write!(f, "waited {limit} in vain for {waiting_for}")
            }
            Self::Budget { calls } => write!(f, "used up the {calls} calls that the plan allows"),
            Self::Aborted { by } => write!(f, "given up by {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn the_exit_codes_are_those_of_the_interface() {
        let release: ReleaseId = "v2".parse().unwrap();
        let cause = Cause::Aborted { by: "ana".into() };
        let reason = String::from("because");
        let verdicts = [
            Verdict::Deployed { release: release.clone() },
            Verdict::Unchanged { release },
            Verdict::Reverted { cause: cause.clone() },
            Verdict::NotReverted { cause },
            Verdict::Unknown { reason: reason.clone() },
            Verdict::Busy { reason: reason.clone() },
            Verdict::Refused { reason: reason.clone() },
            Verdict::Paused { reason },
            Verdict::Interrupted,
        ];
        let codes = verdicts.each_ref().map(|verdict| u8::from(verdict.exit_code()));
        assert_eq!(codes, [0, 0, 1, 3, 4, 5, 6, 7, 130]);
        assert_eq!(u8::from(ExitCode::Usage), 2);
    }

    #[test]
    fn a_verdict_says_what_serves_and_why() {
        let cause = Cause::Timeout { waiting_for: "3 units".into(), limit: Span::from_secs(90) };
        let shown = Verdict::Reverted { cause }.to_string();
        assert_eq!(shown, "reverted, the old release serves: waited 1m30s in vain for 3 units");
    }
}
