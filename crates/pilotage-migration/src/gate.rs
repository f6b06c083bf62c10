//! Whether a contract file may run beside the versions that are running.
//!
//! A contract file names the first version that does not need what it removes. It may run when
//! nothing older runs, and when that is *known*: no answer is never a yes. The decision is a pure
//! function; the answer comes from what targets see, through [`RunningVersions`].

use core::error::Error;
use core::fmt::Debug;

use async_trait::async_trait;
use semver::Version;

/// Which versions run in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Running {
    /// None: nothing was released there yet, or everything is stopped.
    Nothing,
    /// This is the oldest of them.
    Oldest(Version),
    /// Nobody knows.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// Knows which versions run. Targets implement it from what they see, never from what was planned.
#[async_trait]
pub trait RunningVersions: Send + Sync + Debug {
    /// The oldest version that runs in the environment now, counting units that are being stopped.
    async fn oldest(&self, environment: &str) -> Result<Running, Box<dyn Error + Send + Sync>>;
}

/// An answer that was given before: by a person, or by another step of the same job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    environment: String,
    running: Running,
}

impl Recorded {
    /// This is what runs in this environment; what runs in others is not known.
    pub fn new(environment: impl Into<String>, running: Running) -> Self {
        Self { environment: environment.into(), running }
    }
}

#[async_trait]
impl RunningVersions for Recorded {
    async fn oldest(&self, environment: &str) -> Result<Running, Box<dyn Error + Send + Sync>> {
        if environment == self.environment {
            return Ok(self.running.clone());
        }
        let reason = format!("the answer is about `{}`, not `{environment}`", self.environment);
        Ok(Running::Unknown { reason })
    }
}

/// Whether a contract file may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing that runs needs what it removes.
    Go,
    /// Something may.
    Refused {
        /// Why.
        reason: String,
    },
}

/// Decides for a file whose removals are not needed since this version.
pub fn decide(since: &Version, running: &Running) -> Decision {
    match running {
        Running::Nothing => Decision::Go,
        Running::Oldest(oldest) if oldest >= since => Decision::Go,
        Running::Oldest(oldest) => Decision::Refused {
            reason: format!("{oldest} still runs, and only {since} does without it"),
        },
        Running::Unknown { reason } => {
            Decision::Refused { reason: format!("nobody knows what runs: {reason}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).expect("a version")
    }

    #[test]
    fn only_a_known_and_young_enough_version_lets_it_run() {
        let since = version("2.4.0");
        for oldest in ["2.4.0", "2.10.0", "3.0.0"] {
            assert_eq!(decide(&since, &Running::Oldest(version(oldest))), Decision::Go, "{oldest}");
        }
        assert_eq!(decide(&since, &Running::Nothing), Decision::Go);
        for running in [
            Running::Oldest(version("2.3.9")),
            Running::Oldest(version("2.4.0-rc.1")),
            Running::Unknown { reason: "the target does not answer".into() },
        ] {
            assert!(matches!(decide(&since, &running), Decision::Refused { .. }), "{running:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_about_another_environment_is_none() {
        let recorded = Recorded::new("prod", Running::Nothing);
        assert_eq!(recorded.oldest("prod").await.expect("recorded"), Running::Nothing);
        let other = recorded.oldest("staging").await.expect("recorded");
        assert!(matches!(other, Running::Unknown { .. }));
    }
}
