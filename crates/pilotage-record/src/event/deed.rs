//! What can happen to a release.

use core::fmt::{self, Display, Formatter};

use pilotage_artifact::Digest;
use serde::{Deserialize, Serialize};

use super::Scope;
use crate::record::RecordId;
use crate::text::{Platform, Role, Suite, Words};
use crate::time::{Span, Time};

/// What was done or found out. The digests named `evidence` are those of statements or reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// It was built and recorded. Who signs this vouches for the record.
    Built {
        /// How it was built.
        evidence: Option<Digest>,
    },
    /// A suite of tests was run against the image for a platform.
    Tested {
        /// Which suite.
        suite: Suite,
        /// On which platform.
        platform: Platform,
        /// How it ended.
        result: TestVerdict,
        /// The report.
        evidence: Option<Digest>,
    },
    /// The images for a platform were looked through for known weaknesses.
    Scanned {
        /// For which platform.
        platform: Platform,
        /// Which image: the digest of its manifest.
        image: Digest,
        /// By what.
        scanner: Words,
        /// What was found.
        outcome: ScanOutcome,
        /// The report.
        evidence: Option<Digest>,
    },
    /// Somebody wants it in the environment.
    Approved {
        /// In which role.
        role: Role,
        /// Until when that counts.
        expires: Time,
    },
    /// Its artifacts were brought to the registry of the environment.
    Promoted {
        /// From where.
        from: Words,
        /// To where.
        to: Words,
        /// Under which digest it was read back.
        digest: Digest,
        /// Which tags lead to it now.
        tags: Vec<Words>,
    },
    /// It serves in the environment.
    Deployed {
        /// Its place in the order of releases.
        sequence: u64,
    },
    /// It was looked at where it serves.
    Verified {
        /// How that ended.
        result: TestVerdict,
        /// What was looked at.
        evidence: Option<Digest>,
    },
    /// It was watched where it serves, and all was well for so long.
    Soaked {
        /// For how long.
        span: Span,
    },
    /// It was taken back.
    RolledBack {
        /// Why.
        reason: Words,
        /// What serves instead, if that is recorded.
        to: Option<RecordId>,
    },
    /// It must never enter again: everywhere, or in the environment.
    Revoked {
        /// Why.
        reason: Words,
    },
    /// Another one takes its place.
    Superseded {
        /// Which.
        by: RecordId,
    },
    /// The environment stays with it: others do not enter.
    Held {
        /// Why.
        reason: Words,
    },
    /// Others may enter again.
    Unheld {
        /// Why.
        reason: Words,
    },
    /// Rules are set aside in an emergency, for a while, by somebody who signs for it.
    BrokeGlass {
        /// Why.
        reason: Words,
        /// Which rules.
        waives: Vec<RuleName>,
        /// Until when.
        expires: Time,
    },
    /// Something worth saying; also joins ends that were written side by side.
    Noted {
        /// What.
        text: Words,
    },
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestVerdict {
    /// All is well.
    Passed,
    /// Something is not.
    Failed,
}

/// What a scan came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ScanOutcome {
    /// So many weaknesses are known.
    Found(Counts),
    /// Nobody knows: not scanned, not finished, or not supported. Never the same as none.
    Unknown {
        /// What the scanner said.
        reason: Words,
    },
}

/// Known weaknesses, by how bad they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Exploitable from afar, without help.
    pub critical: u64,
    /// Bad.
    pub high: u64,
    /// Not so bad.
    pub medium: u64,
    /// Hardly bad.
    pub low: u64,
    /// Of which nobody has said how bad they are.
    pub unrated: u64,
}

/// A rule of the gates, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleName {
    /// The record is vouched for.
    Record,
    /// The events are all there and in one line.
    Chain,
    /// It was not revoked.
    NotRevoked,
    /// What is at the destination is what was recorded.
    Content,
    /// It passed the environments before.
    Upstream,
    /// Its tests passed on every platform.
    Tests,
    /// Its scans are good enough on every platform.
    Scans,
    /// Enough people want it.
    Approvals,
    /// It is a time for changes.
    Window,
    /// The environment is not held.
    Hold,
    /// It is not older than what serves.
    Order,
}

impl RuleName {
    /// Whether somebody may set it aside in an emergency. What says that the release is what it
    /// claims to be, and that nobody has condemned it, can never be.
    pub const fn may_be_waived(self) -> bool {
        !matches!(self, Self::Record | Self::Chain | Self::NotRevoked | Self::Content)
    }

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Chain => "chain",
            Self::NotRevoked => "not_revoked",
            Self::Content => "content",
            Self::Upstream => "upstream",
            Self::Tests => "tests",
            Self::Scans => "scans",
            Self::Approvals => "approvals",
            Self::Window => "window",
            Self::Hold => "hold",
            Self::Order => "order",
        }
    }
}

impl Display for RuleName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which kind of deed, for policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the deed of the same name")]
pub enum DeedKind {
    Built,
    Tested,
    Scanned,
    Approved,
    Promoted,
    Deployed,
    Verified,
    Soaked,
    RolledBack,
    Revoked,
    Superseded,
    Held,
    Unheld,
    BrokeGlass,
    Noted,
}

impl DeedKind {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Tested => "tested",
            Self::Scanned => "scanned",
            Self::Approved => "approved",
            Self::Promoted => "promoted",
            Self::Deployed => "deployed",
            Self::Verified => "verified",
            Self::Soaked => "soaked",
            Self::RolledBack => "rolled_back",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Held => "held",
            Self::Unheld => "unheld",
            Self::BrokeGlass => "broke_glass",
            Self::Noted => "noted",
        }
    }
}

impl Display for DeedKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Deed {
    /// Which kind it is.
    pub const fn kind(&self) -> DeedKind {
        match self {
            Self::Built { .. } => DeedKind::Built,
            Self::Tested { .. } => DeedKind::Tested,
            Self::Scanned { .. } => DeedKind::Scanned,
            Self::Approved { .. } => DeedKind::Approved,
            Self::Promoted { .. } => DeedKind::Promoted,
            Self::Deployed { .. } => DeedKind::Deployed,
            Self::Verified { .. } => DeedKind::Verified,
            Self::Soaked { .. } => DeedKind::Soaked,
            Self::RolledBack { .. } => DeedKind::RolledBack,
            Self::Revoked { .. } => DeedKind::Revoked,
            Self::Superseded { .. } => DeedKind::Superseded,
            Self::Held { .. } => DeedKind::Held,
            Self::Unheld { .. } => DeedKind::Unheld,
            Self::BrokeGlass { .. } => DeedKind::BrokeGlass,
            Self::Noted { .. } => DeedKind::Noted,
        }
    }

    /// Whether it can be said in this chain.
    pub const fn fits(&self, scope: &Scope) -> bool {
        match self {
            Self::Built { .. } | Self::Scanned { .. } | Self::Superseded { .. } => {
                matches!(scope, Scope::Release)
            }
            Self::Tested { .. } | Self::Revoked { .. } | Self::Noted { .. } => true,
            _ => matches!(scope, Scope::In(_)),
        }
    }

    /// Whether it speaks against the release, and so wins over what was said beside it.
    pub(super) const fn is_against(&self) -> bool {
        match self {
            Self::Revoked { .. } | Self::RolledBack { .. } | Self::Held { .. } => true,
            Self::Verified { result, .. } | Self::Tested { result, .. } => {
                matches!(result, TestVerdict::Failed)
            }
            Self::Scanned { outcome, .. } => matches!(outcome, ScanOutcome::Unknown { .. }),
            _ => false,
        }
    }
}
