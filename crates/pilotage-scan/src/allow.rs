//! What somebody has looked at and let pass, with a reason.
//!
//! In a file, as `[[allow]]` tables; or in the text itself, in a comment on the line or the line
//! above it: `pilotage-scan: allow <reason>`. Without a reason nothing is allowed.

use serde::Deserialize;

use crate::error::ScanError;
use crate::finding::Finding;

/// What stands before the reason in a comment.
const MARK: &str = "pilotage-scan: allow ";

/// The entries of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowList {
    #[serde(default)]
    allow: Vec<Allow>,
}

/// An entry: what all of its fields fit is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// A path, or a folder with a slash at its end.
    pub path: Option<String>,
    /// The name of a rule.
    pub rule: Option<String>,
    /// The fingerprint of a finding.
    pub fingerprint: Option<String>,
    /// Why it may stay.
    pub reason: String,
}

impl AllowList {
    /// Reads the TOML of an allow-list.
    pub fn parse(text: &str) -> Result<Self, ScanError> {
        let list: Self = toml::from_str(text)?;
        for (index, entry) in list.allow.iter().enumerate() {
            if let Some(problem) = entry.problem() {
                return Err(ScanError::Entry { number: index + 1, problem });
            }
        }
        Ok(list)
    }

    /// The entries.
    pub fn entries(&self) -> &[Allow] {
        &self.allow
    }
}

impl Allow {
    /// Whether the finding is allowed by this.
    pub(crate) fn fits(&self, finding: &Finding) -> bool {
        let is_path = |path: &String| {
            path == &finding.path
                || (path.ends_with('/') && finding.path.starts_with(path.as_str()))
        };
        self.path.as_ref().is_none_or(is_path)
            && self.rule.as_ref().is_none_or(|rule| rule == finding.rule.id)
            && self.fingerprint.as_ref().is_none_or(|mark| *mark == finding.fingerprint())
    }

    fn problem(&self) -> Option<&'static str> {
        if self.reason.trim().is_empty() {
            Some("has no reason; say why it may stay")
        } else if self.path.is_none() && self.fingerprint.is_none() {
            Some("names neither a path nor a fingerprint; it would allow everything")
        } else {
            None
        }
    }
}

/// The reason in a comment on this line.
pub(crate) fn reason(line: &str) -> Option<&str> {
    let (_, reason) = line.split_once(MARK)?;
    let reason = reason.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
    (!reason.is_empty()).then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_asked_for() {
        assert_eq!(
            reason("# pilotage-scan: allow a key of the test server"),
            Some("a key of the test server")
        );
        assert_eq!(reason("<!-- pilotage-scan: allow docs -->"), Some("docs"));
        assert_eq!(reason("# pilotage-scan: allow "), None);
        let said = |text| AllowList::parse(text).map_err(|error| error.to_string());
        assert!(
            said("[[allow]]\npath = 'a'\nreason = ' '").is_err_and(|e| e.contains("no reason"))
        );
        assert!(
            said("[[allow]]\nrule = 'jwt'\nreason = 'x'").is_err_and(|e| e.contains("everything"))
        );
        assert!(said("[[allow]]\npath = 'a'\nreasn = 'x'").is_err());
        assert!(said("[[allow]]\npath = 'a/'\nreason = 'fixtures'").is_ok());
    }
}
