//! What a release is bound to: plain data, checked as a whole when it becomes a record.

use pilotage_artifact::{Digest, Version};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::image::Image;
use crate::text::{Actor, GitObject, PartName, Platform, SourceUrl, Words};
use crate::time::Time;

/// Everything that a release is bound to. Two releases with the same content are the same release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Which form this is.
    pub schema: Schema,
    /// Where it was made from.
    pub source: Source,
    /// Its version, without a prefix.
    pub version: Version,
    /// What stands before the version in the tag, for example `v` or `web/v`.
    pub prefix: String,
    /// Its place in the order of releases: a later commit has a larger number.
    pub sequence: u64,
    /// Who answers for the change; never counts among those who approve it.
    pub author: Actor,
    /// What made it.
    pub builder: Builder,
    /// When it was recorded.
    pub created: Time,
    /// The images, by name.
    pub images: Vec<Image>,
    /// What else was made and cannot change: a synthesised assembly, a chart.
    pub outputs: Vec<Output>,
    /// What it does to databases.
    pub migrations: Migrations,
    /// Which secrets it needs, and in which versions; never their values.
    pub secrets: Vec<SecretReference>,
    /// What was found out about it before it was recorded.
    pub evidence: Vec<EvidenceReference>,
}

/// The one form that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Schema {
    /// The first.
    #[default]
    #[serde(rename = "pilotage.release/v1")]
    V1,
}

/// Where a release was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The repository.
    pub repository: SourceUrl,
    /// The commit.
    pub commit: GitObject,
    /// The commit's tree, which says what was built even if history is rewritten.
    pub tree: GitObject,
    /// That nothing was changed and not committed.
    pub dirty: Clean,
    /// The tag, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<GitTag>,
}

/// A work tree without changes. There is no value for one with changes, so it cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clean;

impl Serialize for Clean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            let reason = "a release is made from what is committed: commit or stash, build again";
            return Err(serde::de::Error::custom(reason));
        }
        Ok(Self)
    }
}

/// A git tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitTag {
    /// Its name, without `refs/tags/`.
    pub name: Words,
    /// The tag object; for a lightweight tag the commit.
    pub object: GitObject,
    /// The commit that it leads to.
    pub commit: GitObject,
}

/// What made the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Builder {
    /// Which builder: the address of the workflow or of the machine.
    pub id: Words,
    /// Which run of it.
    pub run: Words,
    /// Which attempt of that run.
    pub attempt: u32,
    /// As whom the builder is known to others, from its identity token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Words>,
}

/// Something immutable that is no image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What it is called.
    pub name: PartName,
    /// Of which kind it is, for example [`crate::tree::MEDIA_TYPE`].
    pub media_type: Words,
    /// The digest of its bytes; for a directory, of its archive.
    pub digest: Digest,
    /// How many bytes those are.
    pub size: u64,
}

/// An ordered set of migrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrations {
    /// The digest of the ordered set.
    pub digest: Digest,
    /// The migrations, in the order in which they run.
    pub ordered: Vec<Migration>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// What it is called.
    pub id: Words,
    /// The digest of its text.
    pub digest: Digest,
}

impl Migrations {
    /// These migrations, in this order.
    pub fn new(ordered: Vec<Migration>) -> Self {
        let digest = Self::digest(&ordered);
        Self { digest, ordered }
    }

    /// The digest of one line for each migration: its digest and its name, which has no line feed.
    pub(super) fn digest(ordered: &[Migration]) -> Digest {
        let line = |migration: &Migration| format!("{} {}\n", migration.digest, migration.id);
        Digest::of(ordered.iter().map(line).collect::<String>().as_bytes())
    }
}

/// Which version of which secret is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretReference {
    /// The environment in which it is so.
    pub environment: crate::text::EnvironmentName,
    /// What the service calls it; where that is not known, again where it is kept.
    pub name: Words,
    /// Where it is kept: a reference, an ARN, the address of a vault's entry.
    pub reference: Words,
    /// The version that is pinned.
    pub version: Words,
}

/// A report about the release, by the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceReference {
    /// What it says.
    pub kind: EvidenceKind,
    /// The digest of the report.
    pub digest: Digest,
    /// For which platform, if not for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
}

/// What a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// What it was made from and how.
    Provenance,
    /// What is inside.
    Sbom,
    /// Which tests it passed.
    Tests,
    /// Which weaknesses are known.
    Scan,
}
