//! What Trivy says about an image.
//!
//! Trivy leaves out what it has nothing to say about, so a report without results is one of an
//! image that it could not look into. Of a distribution past its end of life nobody records
//! weaknesses any more, so what Trivy finds there says nothing about what there is.

use pilotage_artifact::Digest;
use serde::Deserialize;

use super::{Finding, ScanReport, Severity, digest_of};
use crate::time::Time;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    schema_version: u64,
    created_at: Option<String>,
    artifact_type: Option<String>,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    results: Vec<Looked>,
    trivy: Option<Program>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Program {
    version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Metadata {
    #[serde(rename = "OS")]
    system: Option<System>,
    #[serde(rename = "ImageID")]
    image: Option<String>,
    repo_digests: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct System {
    #[serde(rename = "Family")]
    family: Option<String>,
    #[serde(rename = "EOSL", default)]
    past_its_end: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Looked {
    class: Option<String>,
    #[serde(default)]
    vulnerabilities: Option<Vec<Vulnerability>>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(rename = "Severity")]
    severity: Option<String>,
}

/// The one form of reports that is known.
const SCHEMA: u64 = 2;

pub(super) fn parse(bytes: &[u8]) -> Result<ScanReport, serde_json::Error> {
    let report: Report = serde_json::from_slice(bytes)?;
    let created = report.created_at.as_deref();
    Ok(ScanReport {
        scanner: "trivy".to_owned(),
        version: report.trivy.as_ref().and_then(|program| program.version.clone()),
        names: report.names(),
        finished: created.and_then(Time::from_rfc3339),
        database: None,
        result: report.result(),
    })
}

impl Report {
    /// The digest of the image's configuration, and those by which a registry knows it.
    fn names(&self) -> Vec<Digest> {
        let config = self.metadata.image.as_deref().and_then(|image| image.parse().ok());
        let digests = self.metadata.repo_digests.iter().flatten();
        config.into_iter().chain(digests.filter_map(|reference| digest_of(reference))).collect()
    }

    fn result(&self) -> Result<Vec<Finding>, String> {
        if self.schema_version != SCHEMA {
            return Err(format!("the report has form {}, and {SCHEMA} is known", self.schema_version));
        }
        if self.artifact_type.as_deref() != Some("container_image") {
            return Err("the report is not about a container image".to_owned());
        }
        if let Some(system) = self.metadata.system.as_ref().filter(|system| system.past_its_end) {
            let family = system.family.as_deref().unwrap_or("the distribution");
            return Err(format!("{family} is past its end of life, so nobody records its weaknesses"));
        }
        let packages = |looked: &&Looked| {
            matches!(looked.class.as_deref(), Some("os-pkgs" | "lang-pkgs"))
        };
        if !self.results.iter().any(|looked| packages(&looked)) {
            return Err("Trivy found no packages that it could look into".to_owned());
        }
        Ok(self.results.iter().flat_map(|looked| &looked.vulnerabilities).flatten().map(finding).collect())
    }
}

fn finding(vulnerability: &Vulnerability) -> Finding {
    let severity = vulnerability.severity.as_deref().unwrap_or_default();
    Finding { id: vulnerability.id.clone(), severity: Severity::of_word(severity) }
}
