//! What is said about a release: in-toto statements, signed in DSSE envelopes, carried in Sigstore
//! bundles.
//!
//! All three forms are those of others, so that tools that know nothing of Pilotage can read what
//! it says. What Pilotage itself reads back is stricter than they ask: only canonical bytes, with
//! one signature by a key that is named.

mod bundle;
mod envelope;
pub mod predicate;

use std::collections::BTreeMap;

use pilotage_artifact::Digest;
use serde::{Deserialize, Serialize};

pub use bundle::{BUNDLE_MEDIA_TYPE, Bundle, BundleError, Claim};
pub use envelope::{PAYLOAD_TYPE, pae};

use crate::record::Record;

/// The kind of every statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum StatementType {
    /// The first version, and the one that is known.
    #[default]
    #[serde(rename = "https://in-toto.io/Statement/v1")]
    V1,
}

/// Something that is said about some things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement<P> {
    /// That it is a statement.
    #[serde(rename = "_type")]
    pub kind: StatementType,
    /// What it is about.
    pub subject: Vec<Subject>,
    /// Of which kind it is.
    pub predicate_type: String,
    /// What is said.
    pub predicate: P,
}

/// Something that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// Its digests, by algorithm.
    pub digest: BTreeMap<String, String>,
}

impl Subject {
    /// Something with a SHA-256 digest.
    pub fn sha256(name: impl Into<String>, digest: &Digest) -> Self {
        Self { name: name.into(), digest: sha256(digest) }
    }
}

/// A digest as statements write it.
pub(crate) fn sha256(digest: &Digest) -> BTreeMap<String, String> {
    let text = digest.to_string();
    let hex = text.strip_prefix("sha256:").unwrap_or(&text);
    [("sha256".to_owned(), hex.to_owned())].into()
}

/// What a statement about a release is about: the record itself, the commit, each image and each
/// platform of it, each output. A mirror that holds one platform only keeps its evidence.
pub fn subjects(record: &Record) -> Vec<Subject> {
    let content = record.content();
    let commit = [("gitCommit".to_owned(), content.source.commit.to_string())].into();
    let mut subjects = vec![
        Subject::sha256("release", &record.id().digest()),
        Subject { name: content.source.repository.to_string(), digest: commit },
    ];
    for image in &content.images {
        subjects.push(Subject::sha256(image.repository(), &image.digest()));
        let several = image.children().iter().filter(|child| child.digest() != image.digest());
        let child = |child: &crate::record::Child| {
            Subject::sha256(format!("{} {}", image.repository(), child.platform()), &child.digest())
        };
        subjects.extend(several.map(child));
    }
    let output = |output: &crate::record::Output| Subject::sha256(output.name.as_str(), &output.digest);
    subjects.extend(content.outputs.iter().map(output));
    subjects
}
