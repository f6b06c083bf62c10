//! What a unit is: a program by digest, how it is told its port, and how it is to be stopped.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use hyper::http::uri::PathAndQuery;
use pilotage_artifact::{Digest, ReleaseId};
use pilotage_redact::{Redactor, Secrets};
use serde::{Deserialize, Serialize};

/// The name of a unit: as narrow as a [`ReleaseId`], because it also names a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitName(ReleaseId);

impl UnitName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Display for UnitName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for UnitName {
    type Err = InvalidSpec;

    fn from_str(text: &str) -> Result<Self, InvalidSpec> {
        text.parse().map(Self).map_err(|_| InvalidSpec::Name { given: text.to_owned() })
    }
}

/// Where a unit answers whether it is well: an absolute path, perhaps with a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HealthPath(String);

impl HealthPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HealthPath {
    type Err = InvalidSpec;

    fn from_str(text: &str) -> Result<Self, InvalidSpec> {
        let sound = text.starts_with('/') && text.parse::<PathAndQuery>().is_ok();
        let given = text.to_owned();
        if sound { Ok(Self(given)) } else { Err(InvalidSpec::HealthPath { given }) }
    }
}

impl TryFrom<String> for HealthPath {
    type Error = InvalidSpec;

    fn try_from(text: String) -> Result<Self, InvalidSpec> {
        text.parse()
    }
}

impl From<HealthPath> for String {
    fn from(path: HealthPath) -> Self {
        path.0
    }
}

/// What an answer must say of the release that it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// It names the release: nothing else proves that the planned one answers.
    #[default]
    Required,
    /// It may leave the name out, for programs that cannot be changed. One that names another
    /// release is refused all the same.
    IfNamed,
}

impl Identity {
    /// Whether every answer must name its release.
    pub const fn is_required(&self) -> bool {
        matches!(self, Self::Required)
    }
}

/// The environment of a unit, all of it: nothing is inherited. Values may be secret, so they are
/// never printed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What masks the values of this environment, which may be secret.
    pub(crate) fn redactor(&self) -> Redactor {
        let mut secrets = Secrets::new();
        for (name, value) in self.iter() {
            // Short values are words like `true`, and no secrets.
            let _short = secrets.add(name, value.as_bytes());
        }
        secrets.redactor()
    }

    /// The last of these words without the values of this environment. They are masked before they
    /// are cut, so that the cut leaves no half of one.
    pub(crate) fn last_words(&self, words: &[u8], most: usize) -> String {
        let masked = self.redactor().bytes(words);
        let cut = masked.len().saturating_sub(most);
        let last = masked.get(cut..).unwrap_or_default();
        // A line that was cut is left out where there is another.
        let whole = last.iter().position(|byte| *byte == b'\n').filter(|_| cut > 0);
        let whole = whole.and_then(|at| last.get(at + 1..)).filter(|rest| !rest.is_empty());
        String::from_utf8_lossy(whole.unwrap_or(last)).into_owned()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A signal that asks a program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StopSignal {
    /// SIGTERM.
    #[default]
    Term,
    /// SIGINT.
    Int,
    /// SIGQUIT, the graceful stop of some servers.
    Quit,
}

/// How a unit is asked to end, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopPolicy {
    /// The signal to the process group of the unit.
    pub signal: StopSignal,
    /// The time until the group is killed.
    pub grace: Duration,
}

impl Default for StopPolicy {
    fn default() -> Self {
        Self { signal: StopSignal::default(), grace: Duration::from_secs(10) }
    }
}

/// What happens when a unit ends unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestartPolicy {
    /// How often in a row a unit is started again before it counts as failed.
    pub limit: u32,
    /// The pause before the first restart; each further one is twice as long, up to 30 s.
    pub backoff: Duration,
    /// A unit that ran for this long begins a new row.
    pub steady: Duration,
}

impl RestartPolicy {
    const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

    /// The pause before the restart with this number in a row, from 1; `None` if that is too many.
    pub fn pause_before(&self, restart: u32) -> Option<Duration> {
        let doublings = 2_u32.saturating_pow(restart.saturating_sub(1));
        let pause = self.backoff.saturating_mul(doublings).min(Self::LONGEST_BACKOFF);
        (restart <= self.limit).then_some(pause)
    }
}

impl Default for RestartPolicy {
    fn default() -> Self {
        let (backoff, steady) = (Duration::from_millis(200), Duration::from_mins(1));
        Self { limit: 5, backoff, steady }
    }
}

/// A program of this machine with everything that its behaviour depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalArtifact {
    /// The absolute path of the program.
    pub program: PathBuf,
    /// The digest of the program's file, checked before each start.
    pub program_digest: Digest,
    /// The arguments.
    pub args: Vec<String>,
    /// The environment, all of it.
    pub env: Environment,
    /// The directory to run in.
    pub working_dir: PathBuf,
    /// The environment variable that tells the program its port.
    pub port_variable: String,
    /// Where the program answers whether it is well.
    pub health: HealthPath,
    /// What its answer there must say of its release.
    #[serde(default, skip_serializing_if = "Identity::is_required")]
    pub identity: Identity,
    /// How the program is stopped.
    pub stop: StopPolicy,
    /// What happens when it ends unasked.
    pub restart: RestartPolicy,
}

impl LocalArtifact {
    /// The digest of the artifact: of the program and of everything else in this value.
    pub fn digest(&self) -> Result<Digest, InvalidSpec> {
        serde_json::to_vec(self)
            .map(|bytes| Digest::of(&bytes))
            .map_err(|_| InvalidSpec::Path { given: self.program.to_string_lossy().into_owned() })
    }
}

/// One unit to run: an artifact, as a release, on a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSpec {
    /// The name of the unit.
    pub name: UnitName,
    /// The release that the unit belongs to, told to it as `PILOTAGE_RELEASE`.
    pub release: ReleaseId,
    /// What to run.
    pub artifact: LocalArtifact,
    /// The port of the unit.
    pub port: u16,
}

/// A part of a specification that can never work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSpec {
    /// A name that is no directory on every system.
    #[error(
        "`{given}` cannot name a unit: use 1 to 63 of `a-z`, `0-9`, `.` and `-`, beginning and \
         ending with a letter or digit"
    )]
    Name {
        /// What was given.
        given: String,
    },
    /// A health path that is no absolute path.
    #[error("`{given}` is not a health path: begin with `/`, as in `/healthz?deep=1`")]
    HealthPath {
        /// What was given.
        given: String,
    },
    /// A path that is no text.
    #[error("the path `{given}` is not valid UTF-8: rename the file or directory")]
    Path {
        /// The path, as far as it can be shown.
        given: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_the_environment_are_not_printed() {
        let env: Environment = [("TOKEN", "hunter2")].into_iter().collect();
        assert_eq!(format!("{env:?}"), r#"{"TOKEN"}"#);
    }

    #[test]
    fn what_a_program_was_told_is_not_repeated() {
        let env: Environment =
            [("TOKEN", "hunter2-hunter2"), ("FLAG", "true")].into_iter().collect();
        let words = "flag is true, token is hunter2-hunter2".as_bytes();
        assert_eq!(env.last_words(words, 99), "flag is true, token is [secret:TOKEN]");
        for most in 0..words.len() {
            assert!(!env.last_words(words, most).contains("hunter2"), "{most}");
        }
        let encoded = env.last_words(b"aHVudGVyMi1odW50ZXIy", 99);
        assert!(encoded.starts_with("[secret:TOKEN]"), "{encoded}");
    }

    #[test]
    fn restarts_back_off_and_end() {
        let backoff = Duration::from_millis(100);
        let policy = RestartPolicy { limit: 3, backoff, steady: Duration::from_secs(1) };
        let pauses: Vec<_> = (1..=4).map(|restart| policy.pause_before(restart)).collect();
        let millis = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pauses, [millis(100), millis(200), millis(400), None]);
        let patient = RestartPolicy { limit: u32::MAX, ..policy };
        assert_eq!(patient.pause_before(u32::MAX), Some(Duration::from_secs(30)));
    }

    #[test]
    fn names_and_paths_that_could_escape_are_refused() {
        for name in ["", "../etc", "a/b", "UPPER", ".hidden"] {
            assert!(name.parse::<UnitName>().is_err(), "{name}");
        }
        for path in ["", "healthz", "/a b", "http://elsewhere/"] {
            assert!(path.parse::<HealthPath>().is_err(), "{path}");
        }
        assert!("/healthz?deep=1".parse::<HealthPath>().is_ok());
    }
}
