//! How a run ended.

use pilotage_migration::saga::dispatch::Dispatched;
use pilotage_rollout::ExitCode;
use serde::Serialize;

/// How a run ended, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Ending {
    /// One word for it.
    verdict: &'static str,
    /// Why, where that is not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'static str>,
    #[serde(rename = "exit_code", serialize_with = "number")]
    pub(crate) code: ExitCode,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how fields are given")]
fn number<S: serde::Serializer>(code: &ExitCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8((*code).into())
}

impl Ending {
    pub(crate) const UNCHANGED: Self =
        Self { verdict: "unchanged", reason: None, next: None, code: ExitCode::Success };
    pub(crate) const APPLIED: Self =
        Self { verdict: "applied", reason: None, next: None, code: ExitCode::Success };

    /// A failure of this kind.
    pub(crate) fn failed(code: ExitCode, reason: impl Into<String>) -> Self {
        let (verdict, next) = match code {
            ExitCode::Unknown => {
                ("unknown", "run it again: it finds out what is applied, and goes on")
            }
            ExitCode::Busy => ("busy", "run it again when they are done; see `status`"),
            ExitCode::Refused => ("refused", "correct what was refused, and run it again"),
            ExitCode::Paused => ("doubtful", "look into the database, then see `repair --help`"),
            ExitCode::Usage => ("failed", "correct the settings or the rights, and run it again"),
            _ => ("failed", "correct it and run it again: it goes on from there"),
        };
        Self { verdict, reason: Some(reason.into()), next: Some(next), code }
    }

    /// Somebody has told this process to stop.
    pub(crate) fn interrupted(goes_on: bool) -> Self {
        let (reason, next) = if goes_on {
            ("the worker goes on without this job", "`run` attaches to it, `status` shows it")
        } else {
            ("nothing was begun by this job", "run it again")
        };
        Self {
            verdict: "interrupted",
            reason: Some(reason.into()),
            next: Some(next),
            code: ExitCode::Interrupted,
        }
    }

    /// The same in words.
    pub(crate) fn words(&self) -> String {
        let reason = self.reason.as_deref().map(|reason| format!(": {}", reason.trim_end()));
        let next = self.next.map(|next| format!("\n  next: {next}"));
        format!("{}{}{}", self.verdict, reason.unwrap_or_default(), next.unwrap_or_default())
    }
}

impl From<Dispatched> for Ending {
    fn from(dispatched: Dispatched) -> Self {
        match dispatched {
            Dispatched::Applied => Self::APPLIED,
            Dispatched::Failed { code, reason } => Self::failed(code, reason),
            Dispatched::Busy { who } => Self::failed(ExitCode::Busy, who),
            Dispatched::Unknown { reason } => Self::failed(ExitCode::Unknown, reason),
        }
    }
}
