//! SARIF of any scanner.
//!
//! How bad a finding is follows from the rule's `security-severity`, where there is one, and else
//! from its level. A run that does not say that it has results, or says that it did not succeed, is
//! not taken for a clean one. Findings that were suppressed in the file count all the same: what
//! may be ignored is for the policy to say.

use pilotage_artifact::Digest;
use serde::Deserialize;

use super::{Finding, ScanReport, Severity, digest_of};
use crate::time::Time;

#[derive(Deserialize)]
struct Log {
    version: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    tool: Tool,
    #[serde(default)]
    invocations: Vec<Invocation>,
    results: Option<Vec<Outcome>>,
    #[serde(default)]
    properties: RunProperties,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    name: String,
    version: Option<String>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(default)]
    properties: RuleProperties,
    default_configuration: Option<Configuration>,
}

#[derive(Deserialize, Default)]
struct RuleProperties {
    #[serde(rename = "security-severity")]
    severity: Option<Score>,
}

/// Some tools write the score as a text, some as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Score {
    Text(String),
    Number(f64),
}

#[derive(Deserialize)]
struct Configuration {
    level: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    end_time_utc: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: Option<String>,
    rule_index: Option<usize>,
    level: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize, Default)]
struct RunProperties {
    #[serde(rename = "imageID")]
    image: Option<String>,
    #[serde(rename = "repoDigests", default)]
    digests: Vec<String>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<ScanReport, serde_json::Error> {
    let log: Log = serde_json::from_slice(bytes)?;
    let first = log.runs.first().map(|run| &run.tool.driver);
    let ends = log.runs.iter().flat_map(|run| &run.invocations);
    let finished = ends.filter_map(|one| Time::from_rfc3339(one.end_time_utc.as_deref()?)).max();
    Ok(ScanReport {
        scanner: first.map_or_else(|| "unknown".to_owned(), |driver| driver.name.clone()),
        version: first.and_then(|driver| driver.version.clone()),
        names: log.runs.iter().flat_map(Run::names).collect(),
        finished,
        database: None,
        result: log.result(),
    })
}

impl Log {
    fn result(&self) -> Result<Vec<Finding>, String> {
        if self.version != "2.1.0" {
            return Err(format!("it is SARIF {}, and 2.1.0 is known", self.version));
        }
        if self.runs.is_empty() {
            return Err("the report holds no run of a scanner".to_owned());
        }
        let mut findings = Vec::new();
        for run in &self.runs {
            findings.extend(run.result()?);
        }
        Ok(findings)
    }
}

impl Run {
    fn names(&self) -> Vec<Digest> {
        let config = self.properties.image.as_deref().and_then(digest_of);
        let digests = self.properties.digests.iter().filter_map(|reference| digest_of(reference));
        config.into_iter().chain(digests).collect()
    }

    fn result(&self) -> Result<Vec<Finding>, String> {
        if self.invocations.iter().any(|one| !one.execution_successful) {
            return Err(format!("{} says that it did not succeed", self.tool.driver.name));
        }
        let Some(outcomes) = &self.results else {
            return Err(format!("{} says nothing of results", self.tool.driver.name));
        };
        let failed = |outcome: &&Outcome| outcome.kind.as_deref().is_none_or(|kind| kind == "fail");
        Ok(outcomes.iter().filter(failed).map(|outcome| self.finding(outcome)).collect())
    }

    fn finding(&self, outcome: &Outcome) -> Finding {
        let rule = self.rule(outcome);
        let id = outcome.rule_id.clone().or_else(|| rule.map(|rule| rule.id.clone()));
        let score = rule.and_then(|rule| rule.properties.severity.as_ref()).and_then(Score::severity);
        let level = outcome.level.as_deref().or_else(|| {
            rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref())
        });
        let severity = score.unwrap_or_else(|| of_level(level));
        Finding { id: id.unwrap_or_default(), severity }
    }

    fn rule(&self, outcome: &Outcome) -> Option<&Rule> {
        let rules = &self.tool.driver.rules;
        match (outcome.rule_index, &outcome.rule_id) {
            (Some(at), _) => rules.get(at),
            (None, Some(id)) => rules.iter().find(|rule| rule.id == *id),
            (None, None) => None,
        }
    }
}

impl Score {
    fn severity(&self) -> Option<Severity> {
        let score = match self {
            Self::Text(text) => text.trim().parse().ok()?,
            Self::Number(number) => *number,
        };
        match score {
            score if !(0.0..=10.0).contains(&score) => None,
            score if score >= 9.0 => Some(Severity::Critical),
            score if score >= 7.0 => Some(Severity::High),
            score if score >= 4.0 => Some(Severity::Medium),
            score if score > 0.0 => Some(Severity::Low),
            _ => Some(Severity::Unrated),
        }
    }
}

/// A finding without a level is a warning, as the standard says.
fn of_level(level: Option<&str>) -> Severity {
    match level.unwrap_or("warning") {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        _ => Severity::Unrated,
    }
}
