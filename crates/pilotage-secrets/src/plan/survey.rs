//! What each reference means now, and what speaks against using it.

use core::fmt::{self, Display, Formatter};
use std::collections::BTreeSet;

use pilotage_rollout::Moment;

use super::{Described, Pins};
use crate::{Description, Failure, Locator, Reference, VersionId};

/// What came of looking at all references without reading a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Which version each locator means now, where it can be pinned.
    pub pins: Pins,
    /// What was found, reference by reference.
    pub findings: Vec<Finding>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// With which reference.
    pub reference: Reference,
    /// What.
    pub what: What,
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// It cannot be described.
    Failed(Failure),
    /// It is scheduled for deletion.
    Deleting(Moment),
    /// A rotation is under way: whoever starts before its end gets another value than whoever
    /// starts after it.
    Rotating(VersionId),
    /// Nothing has the stage or the version that is asked for.
    NoVersion,
    /// It has no such key.
    NoKey,
    /// Its place keeps no versions, so that blue and green may see different values.
    Unpinnable,
    /// The reference itself is doubtful.
    Doubtful(&'static str),
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// Worth knowing.
    Note,
    /// A deploy would begin with values that are about to change: wait, or say that it is meant.
    Wait,
    /// A deploy would fail.
    Error,
}

impl What {
    /// How much it matters.
    pub const fn gravity(&self) -> Gravity {
        match self {
            Self::Unpinnable | Self::Doubtful(_) => Gravity::Note,
            Self::Rotating(_) => Gravity::Wait,
            Self::Failed(_) | Self::Deleting(_) | Self::NoVersion | Self::NoKey => Gravity::Error,
        }
    }

    /// One word for machines; part of the published output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.code(),
            Self::Deleting(_) => "deleted",
            Self::Rotating(_) => "rotating",
            Self::NoVersion => "no-such-version",
            Self::NoKey => "no-such-key",
            Self::Unpinnable => "unpinnable",
            Self::Doubtful(_) => "doubtful",
        }
    }

    /// What helps.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Failed(failure) => failure.help(),
            Self::Deleting(_) => "restore it, or refer to another secret",
            Self::Rotating(_) => "wait for its end, or pin a version with `@id=`",
            Self::NoVersion => "choose a stage or a version that exists",
            Self::NoKey => "correct the key, or add it to the secret",
            Self::Unpinnable => "keep it where versions are kept",
            Self::Doubtful(_) => "refer to it by its whole ARN",
        }
    }
}

impl Display for What {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(f),
            Self::Deleting(_) => f.write_str("it is scheduled for deletion"),
            Self::Rotating(pending) => write!(f, "a rotation is under way, to version {pending}"),
            Self::NoVersion => f.write_str("nothing has the version or the stage asked for"),
            Self::NoKey => f.write_str("it has no such key"),
            Self::Unpinnable => f.write_str("its place keeps no versions, so it cannot be pinned"),
            Self::Doubtful(why) => f.write_str(why),
        }
    }
}

impl Survey {
    /// The gravest that was found; none if nothing was.
    pub fn gravity(&self) -> Option<Gravity> {
        self.findings.iter().map(|finding| finding.what.gravity()).max()
    }
}

/// Judges what was described, for these references.
pub fn survey<'a>(
    references: impl IntoIterator<Item = &'a Reference>,
    described: &Described,
) -> Survey {
    let references: BTreeSet<&Reference> = references.into_iter().collect();
    let mut survey = Survey { pins: Pins::default(), findings: Vec::new() };
    for reference in references {
        let found = match described.get(reference.locator()) {
            None => vec![What::Failed(Failure::Missing)],
            Some(Err(failure)) => vec![What::Failed(failure.clone())],
            Some(Ok(description)) => {
                if let Some(version) = pin(reference, description) {
                    survey.pins.insert(reference.locator().clone(), version);
                }
                about(reference, description)
            }
        };
        let doubt = reference.warning().map(What::Doubtful);
        let finding = |what| Finding { reference: reference.clone(), what };
        survey.findings.extend(found.into_iter().chain(doubt).map(finding));
    }
    survey
}

/// The version to pin: the one that is meant, where there can be a pin.
fn pin(reference: &Reference, description: &Description) -> Option<VersionId> {
    let version = description.version.as_ref()?;
    reference.locator().pin(version).map(|_| version.clone())
}

/// Whether units that start at different times may see different values, and nothing can be done
/// about it. What this machine itself holds is read once, by whoever asks.
const fn may_change(locator: &Locator) -> bool {
    matches!(locator, Locator::Kubernetes(_))
}

fn about(reference: &Reference, description: &Description) -> Vec<What> {
    let locator = reference.locator();
    let no_version = locator.keeps_versions() && description.version.is_none();
    let no_key = || {
        let (keys, key) = (description.keys.as_ref()?, reference.pointer()?.keys().first()?);
        (!keys.contains(key)).then_some(What::NoKey)
    };
    // A version that is pinned already is the same before and after a rotation.
    let rotating = || description.pending.clone().filter(|_| locator.pinned().is_none());
    [
        description.gone_at.map(What::Deleting),
        no_version.then_some(What::NoVersion),
        no_key(),
        rotating().map(What::Rotating),
        may_change(locator).then_some(What::Unpinnable),
    ]
    .into_iter()
    .flatten()
    .collect()
}
