//! What Amazon ECR says about an image.
//!
//! ECR answers before it knows: a scan may be pending, the image may be of a kind that is not
//! supported, and enhanced scanning reports itself as active with nothing in it. Only a finished
//! scan, or an active one that says something, counts. A list that goes on in another page counts
//! by the totals that are beside it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Finding, ScanReport, Severity};
use crate::time::Time;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    image_id: Option<ImageId>,
    image_scan_status: Option<Status>,
    image_scan_findings: Option<Findings>,
    next_token: Option<String>,
    #[serde(rename = "__type")]
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageId {
    image_digest: Option<String>,
}

#[derive(Deserialize)]
struct Status {
    status: String,
    description: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Findings {
    image_scan_completed_at: Option<Moment>,
    vulnerability_source_updated_at: Option<Moment>,
    findings: Vec<Basic>,
    enhanced_findings: Option<Vec<Enhanced>>,
    finding_severity_counts: Option<BTreeMap<String, u64>>,
}

/// The first version of the command line prints seconds, the second a date.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Seconds(serde_json::Number),
}

#[derive(Deserialize)]
struct Basic {
    name: String,
    severity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enhanced {
    title: Option<String>,
    finding_arn: Option<String>,
    severity: String,
    package_vulnerability_details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    vulnerability_id: Option<String>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<ScanReport, serde_json::Error> {
    let answer: Answer = serde_json::from_slice(bytes)?;
    let time = |of: fn(&Findings) -> Option<&Moment>| {
        answer.image_scan_findings.as_ref().and_then(of).and_then(Moment::time)
    };
    let digest = answer.image_id.as_ref().and_then(|image| image.image_digest.as_deref());
    Ok(ScanReport {
        scanner: "amazon-ecr".to_owned(),
        version: None,
        names: digest.and_then(|digest| digest.parse().ok()).into_iter().collect(),
        finished: time(|findings| findings.image_scan_completed_at.as_ref()),
        database: time(|findings| findings.vulnerability_source_updated_at.as_ref()),
        result: answer.result(),
    })
}

impl Answer {
    fn result(&self) -> Result<Vec<Finding>, String> {
        if let Some(error) = &self.error {
            return Err(format!("ECR answers {error}"));
        }
        let Some(status) = &self.image_scan_status else {
            return Err("ECR says nothing of a scan".to_owned());
        };
        let done = matches!(status.status.as_str(), "COMPLETE" | "ACTIVE");
        if !done {
            let description = status.description.as_deref().unwrap_or("no reason is given");
            return Err(format!("the scan is {}: {description}", status.status));
        }
        match &self.image_scan_findings {
            Some(findings) if status.status == "COMPLETE" || findings.says_something() => {
                self.all(findings)
            }
            _ => Err(format!("the scan is {} and says nothing yet", status.status)),
        }
    }

    /// All findings. What the totals count beyond the list is added without a name.
    fn all(&self, findings: &Findings) -> Result<Vec<Finding>, String> {
        let mut all = findings.listed();
        match &findings.finding_severity_counts {
            Some(totals) => {
                let missing = unlisted(&all, totals);
                all.extend(missing);
                Ok(all)
            }
            None if self.next_token.is_some() => {
                Err("the list goes on in another page and has no totals".to_owned())
            }
            None => Ok(all),
        }
    }
}

impl Findings {
    fn says_something(&self) -> bool {
        self.enhanced_findings.is_some() || self.finding_severity_counts.is_some()
    }

    fn listed(&self) -> Vec<Finding> {
        let basic = self.findings.iter().map(|finding| Finding {
            id: finding.name.clone(),
            severity: Severity::of_word(&finding.severity),
        });
        basic.chain(self.enhanced_findings.iter().flatten().map(Enhanced::finding)).collect()
    }
}

impl Enhanced {
    fn finding(&self) -> Finding {
        let details = self.package_vulnerability_details.as_ref();
        let id = details.and_then(|details| details.vulnerability_id.clone());
        let id = id.or_else(|| self.title.clone()).or_else(|| self.finding_arn.clone());
        Finding { id: id.unwrap_or_default(), severity: Severity::of_word(&self.severity) }
    }
}

fn unlisted(listed: &[Finding], totals: &BTreeMap<String, u64>) -> Vec<Finding> {
    /// More of one kind than any limit allows need no exact number.
    const MOST: u64 = 100_000;
    let mut wanted: BTreeMap<Severity, u64> = BTreeMap::new();
    for (word, count) in totals {
        let sum = wanted.entry(Severity::of_word(word)).or_default();
        *sum = sum.saturating_add(*count).min(MOST);
    }
    let missing = |(severity, total): (Severity, u64)| {
        let known = listed.iter().filter(|finding| finding.severity == severity).count() as u64;
        (known..total).map(move |_| Finding { id: "not listed".to_owned(), severity })
    };
    wanted.into_iter().flat_map(missing).collect()
}

impl Moment {
    fn time(&self) -> Option<Time> {
        match self {
            Self::Text(text) => Time::from_rfc3339(text),
            Self::Seconds(number) => {
                let text = number.to_string();
                let whole = text.split('.').next().unwrap_or_default();
                whole.parse().ok().and_then(Time::from_unix)
            }
        }
    }
}
