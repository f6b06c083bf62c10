//! Why one reference could not be read or described.

use pilotage_rollout::{Moment, Span};
use thiserror::Error;

use crate::Words;

/// Why one reference could not be read or described; each leads to something else to do.
///
/// None of them holds a value, or anything of an answer that could hold one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// There is no such secret, or it is not visible to whoever asked.
    #[error("there is no such secret")]
    Missing,
    /// The secret is there, but not in the version, the stage or under the label asked for.
    #[error("the secret has no such version or stage")]
    NoSuchVersion,
    /// The secret is deleted, and can perhaps still be brought back until this time.
    #[error("the secret is scheduled for deletion")]
    Deleted {
        /// When it is gone for good, where the source says so.
        gone_at: Option<Moment>,
    },
    /// The secret or this version of it is switched off.
    #[error("the secret is disabled")]
    Disabled,
    /// The secret may not be used yet, or not any more.
    #[error("the secret is outside the time in which it may be used")]
    OutOfTime,
    /// Whoever asked may not read or describe the secret.
    #[error("access is denied: {said}")]
    Denied {
        /// The provider's words.
        said: Words,
    },
    /// Whoever asked may read the secret, but not use the key with which it is encrypted.
    #[error("the key that encrypts it is denied or not usable: {said}")]
    KeyDenied {
        /// The provider's words.
        said: Words,
    },
    /// There are no credentials, or none that are accepted; expired ones are among them.
    #[error("there are no valid credentials: {said}")]
    NoCredentials {
        /// The provider's words.
        said: Words,
    },
    /// The clock of this machine is too far off for a request to be accepted.
    #[error("the clock of this machine is wrong: {said}")]
    ClockSkew {
        /// The provider's words.
        said: Words,
    },
    /// Too much was asked at once; the same may be asked again later.
    #[error("too many requests")]
    Throttled {
        /// How long to wait, where the source says so.
        wait: Option<Span>,
    },
    /// The source did not answer, or answered that it cannot just now.
    #[error("the source cannot be reached: {said}")]
    Unreachable {
        /// What was seen.
        said: Words,
    },
    /// The answer was not understood, or said nothing of this reference.
    #[error("the answer was not understood: {said}")]
    NotUnderstood {
        /// What was seen; never a part of the answer.
        said: Words,
    },
    /// No source that is set up knows this kind of reference.
    #[error("nothing that reads this kind of reference is set up here: {said}")]
    NoSource {
        /// What is missing.
        said: Words,
    },
}

impl Failure {
    /// Whether asking the same again may be answered otherwise. Only these are retried.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unreachable { .. })
    }

    /// One word for machines; part of the published output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NoSuchVersion => "no-such-version",
            Self::Deleted { .. } => "deleted",
            Self::Disabled => "disabled",
            Self::OutOfTime => "out-of-time",
            Self::Denied { .. } => "denied",
            Self::KeyDenied { .. } => "key-denied",
            Self::NoCredentials { .. } => "no-credentials",
            Self::ClockSkew { .. } => "clock-skew",
            Self::Throttled { .. } => "throttled",
            Self::Unreachable { .. } => "unreachable",
            Self::NotUnderstood { .. } => "not-understood",
            Self::NoSource { .. } => "no-source",
        }
    }

    /// What helps.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Missing => "create it, or correct the reference; check account and region",
            Self::NoSuchVersion => "choose a version that exists, or leave it out for the current",
            Self::Deleted { .. } => "restore it, or refer to another secret",
            Self::Disabled => "enable it, or refer to another version",
            Self::OutOfTime => "renew it, or correct its dates",
            Self::Denied { .. } => "grant what `pilotage-secret policy` prints",
            Self::KeyDenied { .. } => "allow decryption as `pilotage-secret policy` prints it",
            Self::NoCredentials { .. } => "log in, or give the job a role",
            Self::ClockSkew { .. } => "set the clock of this machine",
            Self::Throttled { .. } => "try again later, or ask for a higher quota",
            Self::Unreachable { .. } => "check the network and the endpoint",
            Self::NotUnderstood { .. } => "check that the endpoint is the right service",
            Self::NoSource { .. } => "set it up as it says, or use a reference of another kind",
        }
    }
}
