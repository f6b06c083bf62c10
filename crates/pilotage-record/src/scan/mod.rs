//! Reading what scanners say about an image: findings of ECR, reports of Trivy, and SARIF.
//!
//! A reader is strict about what it concludes and lenient about what it does not know: a report is
//! counted only if it says that the scan was done, and everything else it may say is passed over.
//! A scan that was not made, not finished or not supported is *unknown*, never "nothing found".

mod ecr;
mod sarif;
mod trivy;

use pilotage_artifact::Digest;

use crate::event::{Counts, ScanOutcome};
use crate::record::Child;
use crate::statement::predicate::{Database, ScanMetadata, Scanner, Score, Vulns, Weakness};
use crate::text::Words;
use crate::time::Time;

/// The largest report that is read.
pub const LARGEST: usize = 64 << 20;

/// Which scanner's form a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// What `aws ecr describe-image-scan-findings` prints.
    Ecr,
    /// What `trivy image --format json` prints.
    Trivy,
    /// SARIF 2.1.0 of any scanner.
    Sarif,
}

/// What a scanner says about one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanReport {
    /// The scanner.
    pub scanner: String,
    /// Its version, if it says so.
    pub version: Option<String>,
    /// The digests by which it names the image; none if it does not.
    pub names: Vec<Digest>,
    /// When the scan was done, if it says so.
    pub finished: Option<Time>,
    /// As of when it knew of weaknesses, if it says so.
    pub database: Option<Time>,
    /// What it came to.
    pub result: Result<Vec<Finding>, String>,
}

/// A known weakness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad a weakness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody has said.
    Unrated,
    /// Hardly.
    Low,
    /// Not so bad.
    Medium,
    /// Bad.
    High,
    /// Exploitable from afar, without help.
    Critical,
}

/// Whether a report is about an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// It names this one.
    This,
    /// It names another one.
    Another,
    /// It names none.
    Unsaid,
}

/// Why a report cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// It is larger than any report.
    #[error("the report has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// It is not of that form.
    #[error("the report is not what {expected}: give the unchanged output, or name its format")]
    Malformed {
        /// What it should be.
        expected: &'static str,
        /// What the parser said.
        source: serde_json::Error,
    },
}

impl Format {
    const fn expected(self) -> &'static str {
        match self {
            Self::Ecr => "`aws ecr describe-image-scan-findings` prints",
            Self::Trivy => "`trivy image --format json` prints",
            Self::Sarif => "SARIF 2.1.0 says it should be",
        }
    }
}

impl ScanReport {
    /// Reads a report.
    pub fn parse(format: Format, bytes: &[u8]) -> Result<Self, ScanError> {
        if bytes.len() > LARGEST {
            return Err(ScanError::TooLarge { bytes: bytes.len(), limit: LARGEST });
        }
        let report = match format {
            Format::Ecr => ecr::parse(bytes),
            Format::Trivy => trivy::parse(bytes),
            Format::Sarif => sarif::parse(bytes),
        };
        report.map_err(|source| ScanError::Malformed { expected: format.expected(), source })
    }

    /// Whether it is about this image. A name by the digest of an index does not say which of its
    /// platforms was looked at, so it counts as another image.
    pub fn about(&self, child: &Child) -> About {
        if self.names.is_empty() {
            return About::Unsaid;
        }
        let this = self.names.contains(&child.digest()) || self.names.contains(&child.config());
        if this { About::This } else { About::Another }
    }

    /// What it came to, for an event.
    pub fn outcome(&self) -> ScanOutcome {
        match &self.result {
            Ok(findings) => ScanOutcome::Found(count(findings)),
            Err(reason) => ScanOutcome::Unknown { reason: in_a_line(reason) },
        }
    }

    /// All of it, as a statement that other tools can read; none if it came to nothing.
    pub fn statement(&self, now: Time) -> Option<Vulns> {
        let findings = self.result.as_ref().ok()?;
        let finished = self.finished.unwrap_or(now);
        let weakness = |finding: &Finding| Weakness {
            id: finding.id.clone(),
            severity: vec![Score {
                method: self.scanner.clone(),
                score: finding.severity.name().to_owned(),
            }],
        };
        Some(Vulns {
            scanner: Scanner {
                uri: self.scanner.clone(),
                version: self.version.clone(),
                db: self.database.map(|last_update| Database { last_update }),
                result: findings.iter().map(weakness).collect(),
            },
            metadata: ScanMetadata { scan_started_on: finished, scan_finished_on: finished },
        })
    }
}

impl Severity {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unrated => "unrated",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Of a word that scanners use; one that is not known is not rated, which can be limited.
    fn of_word(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "CRITICAL" => Self::Critical,
            "HIGH" => Self::High,
            "MEDIUM" => Self::Medium,
            "LOW" | "INFORMATIONAL" | "NEGLIGIBLE" => Self::Low,
            _ => Self::Unrated,
        }
    }
}

fn count(findings: &[Finding]) -> Counts {
    let of = |severity| findings.iter().filter(|one| one.severity == severity).count() as u64;
    Counts {
        critical: of(Severity::Critical),
        high: of(Severity::High),
        medium: of(Severity::Medium),
        low: of(Severity::Low),
        unrated: of(Severity::Unrated),
    }
}

/// Words of a scanner, made fit for an event.
fn in_a_line(text: &str) -> Words {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).take(200).collect();
    plain.trim().parse().unwrap_or_else(|_| no_reason())
}

fn no_reason() -> Words {
    Words::fixed("the scanner gave no reason")
}

/// The digest at the end of a reference such as `registry/repository@sha256:…`.
fn digest_of(reference: &str) -> Option<Digest> {
    reference.rsplit('@').next().and_then(|digest| digest.parse().ok())
}
