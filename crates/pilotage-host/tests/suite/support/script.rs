//! Units that are small shell scripts.

use std::path::PathBuf;
use std::time::Duration;

use pilotage_host::runtime::{
    Environment, Identity, LocalArtifact, RestartPolicy, StopPolicy, StopSignal, UnitSpec,
};

use super::files;

const SHELL: &str = "/bin/sh";
/// Runs until it is told to end.
pub(crate) const FOREVER: &str = "trap 'echo bye; exit 0' TERM; echo ready; \
                                  while :; do /bin/sleep 0.02; done";
/// Runs until it is killed.
pub(crate) const STUBBORN: &str = "trap '' TERM; echo ready; while :; do /bin/sleep 0.02; done";

/// A unit that runs this script, with short times throughout.
pub(crate) fn unit(name: &str, script: &str) -> UnitSpec {
    let millis = Duration::from_millis;
    UnitSpec {
        name: name.parse().expect("a name"),
        release: "v1".parse().expect("a release"),
        artifact: LocalArtifact {
            program: PathBuf::from(SHELL),
            program_digest: files::digest(SHELL),
            args: vec!["-c".to_owned(), script.to_owned()],
            env: [("GREETING", "hello")].into_iter().collect::<Environment>(),
            working_dir: PathBuf::from("/"),
            port_variable: "PORT".to_owned(),
            health: "/healthz".parse().expect("a path"),
            identity: Identity::default(),
            stop: StopPolicy { signal: StopSignal::Term, grace: Duration::from_secs(5) },
            restart: RestartPolicy { limit: 2, backoff: millis(1), steady: Duration::from_secs(9) },
        },
        port: 8_080,
    }
}
