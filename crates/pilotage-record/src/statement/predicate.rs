//! The kinds of statements that others have defined already.
//!
//! Each is written with the fields that its readers need. They carry the detail; what the gates
//! decide by is in the [events](crate::event), which name these by their digests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// What is said, with the kind that it has in a statement.
pub trait Predicate: Serialize + Sync {
    /// The kind, as its definition names it.
    const TYPE: &'static str;
}

/// A thing that a statement refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its digests, by algorithm.
    pub digest: BTreeMap<String, String>,
}

/// How an artifact was made (SLSA provenance).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// What was asked for and what went in.
    pub build_definition: BuildDefinition,
    /// Who did it.
    pub run_details: RunDetails,
}

/// What was asked for and what went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildDefinition {
    /// How to read the parameters.
    pub build_type: String,
    /// What whoever started the build could choose.
    pub external_parameters: BTreeMap<String, String>,
    /// What was read.
    pub resolved_dependencies: Vec<Resource>,
}

/// Who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDetails {
    /// The builder.
    pub builder: Identity,
    /// The run.
    pub metadata: RunMetadata,
}

/// Something with a name that is an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name.
    pub id: String,
}

/// Which run it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunMetadata {
    /// Its name.
    pub invocation_id: String,
    /// When it was done.
    pub finished_on: Time,
}

/// How tests ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// As a whole.
    pub result: TestOutcome,
    /// With which configuration; here the report itself.
    pub configuration: Vec<Resource>,
    /// Where it can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How tests ended as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestOutcome {
    /// All is well.
    Passed,
    /// Something is not.
    Failed,
}

/// What a scanner found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulns {
    /// Which scanner, and what it found.
    pub scanner: Scanner,
    /// When.
    pub metadata: ScanMetadata,
}

/// A scanner and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanner {
    /// Which one.
    pub uri: String,
    /// Of which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db: Option<Database>,
    /// What it found.
    pub result: Vec<Weakness>,
}

/// What a scanner knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Database {
    /// As of when.
    pub last_update: Time,
}

/// A known weakness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weakness {
    /// Its name.
    pub id: String,
    /// How bad it is.
    pub severity: Vec<Score>,
}

/// How bad something is, by one measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The measure.
    pub method: String,
    /// How bad.
    pub score: String,
}

/// When a scan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanMetadata {
    /// When it began.
    pub scan_started_on: Time,
    /// When it ended.
    pub scan_finished_on: Time,
}

/// What was verified to hold (a simple verification result).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Svr {
    /// Who verified it.
    pub verifier: Identity,
    /// When.
    pub time_created: Time,
    /// What holds.
    pub properties: Vec<String>,
}

/// That these artifacts are this version of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseOf {
    /// The package and its version.
    pub purl: String,
}

/// A gate's verdict (SLSA verification summary).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vsa {
    /// Who verified it.
    pub verifier: Identity,
    /// When.
    pub time_verified: Time,
    /// Where it was to go.
    pub resource_uri: String,
    /// By which policy.
    pub policy: Resource,
    /// What was looked at.
    pub input_attestations: Vec<Resource>,
    /// The verdict.
    pub verification_result: TestOutcome,
    /// What was reached; empty after a failure.
    pub verified_levels: Vec<String>,
    /// Which version of the form this is.
    pub slsa_version: String,
}

impl Predicate for Provenance {
    const TYPE: &'static str = "https://slsa.dev/provenance/v1";
}

impl Predicate for TestResult {
    const TYPE: &'static str = "https://in-toto.io/attestation/test-result/v0.1";
}

impl Predicate for Vulns {
    const TYPE: &'static str = "https://in-toto.io/attestation/vulns/v0.2";
}

impl Predicate for Svr {
    const TYPE: &'static str = "https://in-toto.io/attestation/svr/v0.1";
}

impl Predicate for ReleaseOf {
    const TYPE: &'static str = "https://in-toto.io/attestation/release/v0.2";
}

impl Predicate for Vsa {
    const TYPE: &'static str = "https://slsa.dev/verification_summary/v1";
}
