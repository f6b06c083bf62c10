//! The fake's vaults: one for all names, stricter than the real ones.

use std::collections::{BTreeMap, BTreeSet};

use super::state::Answer;

/// One version of a secret.
#[derive(Debug, Clone, Default)]
pub struct Version {
    /// Its value.
    pub value: String,
    /// Whether it is switched off.
    pub is_disabled: bool,
    /// From when it may be used, in seconds since the epoch.
    pub nbf: Option<u64>,
    /// Until when it may be used, in seconds since the epoch.
    pub exp: Option<u64>,
}

/// What is in it. Versions are numbered, and made in that order.
#[derive(Debug, Default)]
pub struct Vault {
    /// The versions of each secret.
    pub secrets: BTreeMap<String, Vec<Version>>,
    /// When each deleted secret is gone for good.
    pub deleted: BTreeMap<String, u64>,
    /// What nobody may read.
    pub forbidden: BTreeSet<String>,
    /// The next answers, before it answers rightly again.
    pub faults: Vec<(u16, String)>,
    /// Where the next page of versions is said to be, if not here.
    pub elsewhere: Option<String>,
    /// How many values were given away.
    pub read: usize,
}

/// The id of a version.
pub fn id(number: usize) -> String {
    format!("{:032x}", number + 1)
}

impl Vault {
    /// Adds a version, and says its id.
    pub fn put(&mut self, name: &str, version: Version) -> String {
        let versions = self.secrets.entry(name.into()).or_default();
        versions.push(version);
        id(versions.len() - 1)
    }

    /// The answer to whoever may ask.
    pub(super) fn answer(&mut self, host: &str, path: &str, page: usize) -> Answer {
        if let Some((status, body)) = self.faults.pop() {
            return plain(status, &body);
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["deletedsecrets", name] => self.deleted(name),
            ["secrets", name, ..] if self.forbidden.contains(*name) => {
                refused(403, "Forbidden", "ForbiddenByRbac", "Caller is not authorized")
            }
            ["secrets", name, "versions"] => self.versions(host, name, page),
            ["secrets", name] => self.value(host, name, None),
            ["secrets", name, version] => self.value(host, name, Some(version)),
            _ => plain(404, "{}"),
        }
    }

    fn deleted(&self, name: &str) -> Answer {
        match self.deleted.get(name) {
            Some(gone) => plain(200, &format!(r#"{{"scheduledPurgeDate":{gone}}}"#)),
            None => refused(404, "SecretNotFound", "", "not found"),
        }
    }

    /// Two versions a page, the newest first.
    fn versions(&self, host: &str, name: &str, page: usize) -> Answer {
        let Some(versions) = self.secrets.get(name) else {
            return refused(404, "SecretNotFound", "", "not found");
        };
        let entry = |(number, version): (usize, &Version)| {
            format!("{{{}}}", described(host, name, number, version))
        };
        let entries: Vec<String> =
            versions.iter().enumerate().rev().skip(page * 2).take(2).map(entry).collect();
        let next = if versions.len() > page * 2 + 2 {
            let here =
                format!("http://{host}/secrets/{name}/versions?api-version=7.4&page={}", page + 1);
            format!(r#""{}""#, self.elsewhere.as_ref().unwrap_or(&here))
        } else {
            "null".into()
        };
        plain(200, &format!(r#"{{"value":[{}],"nextLink":{next}}}"#, entries.join(",")))
    }

    fn value(&mut self, host: &str, name: &str, wanted: Option<&str>) -> Answer {
        let versions = self.secrets.get(name).cloned().unwrap_or_default();
        let mut numbered = versions.iter().enumerate();
        let found = match wanted {
            Some(wanted) => numbered.find(|(number, _)| id(*number) == wanted),
            None => numbered.next_back(),
        };
        match found {
            None => refused(404, "SecretNotFound", "", "not found"),
            Some((_, version)) if version.is_disabled => {
                refused(403, "Forbidden", "SecretDisabled", "not allowed on a disabled secret")
            }
            Some((number, version)) => {
                self.read += 1;
                let rest = described(host, name, number, version);
                plain(200, &format!(r#"{{"value":"{}",{rest}}}"#, version.value))
            }
        }
    }
}

fn described(host: &str, name: &str, number: usize, version: &Version) -> String {
    let some = |name: &str, value: Option<u64>| {
        value.map(|value| format!(r#","{name}":{value}"#)).unwrap_or_default()
    };
    format!(
        r#""id":"https://{host}/secrets/{name}/{}","attributes":{{"enabled":{},"created":{number},"updated":{number}{}{}}}"#,
        id(number),
        !version.is_disabled,
        some("nbf", version.nbf),
        some("exp", version.exp),
    )
}

fn plain(status: u16, body: &str) -> Answer {
    Answer { status, challenge: None, body: body.into() }
}

fn refused(status: u16, code: &str, inner: &str, said: &str) -> Answer {
    let inner = match inner {
        "" => String::new(),
        inner => format!(r#","innererror":{{"code":"{inner}"}}"#),
    };
    plain(status, &format!(r#"{{"error":{{"code":"{code}","message":"{said}"{inner}}}}}"#))
}
