//! The same push over ssh: through a stand-in, and through OpenSSH's own server.

use std::path::{Path, PathBuf};

use pilotage_git::{Bar, Claimed, GitError};
use pilotage_testkit::real;

use crate::claims::{barred, is_claimed, tried, world};
use crate::hooks::Death;
use crate::world::{World, get, put};

#[test]
fn a_version_is_claimed_over_ssh() {
    let world = world();
    let server = world.beside("origin.git");
    // What follows the host is the command that the other side runs.
    let ssh = world.beside("ssh");
    put(&ssh, "while [ \"$1\" != git@host ]; do shift; done\nshift\nexec sh -c \"$*\"\n");
    world.git(&["config", "core.sshCommand", &format!("sh '{}'", ssh.display())]);
    world.git(&["remote", "set-url", "origin", &format!("git@host:{}", server.display())]);
    is_claimed(&world);
    world.git(&["config", "core.sshCommand", "false"]);
    let (lost, _) = tried(&world);
    assert!(matches!(lost, Err(GitError::Unknown { .. })), "{lost:?}");
}

/// A clone whose remote is behind a real server.
struct Behind {
    world: World,
    server: PathBuf,
}

impl Behind {
    fn sshd() -> Option<Self> {
        let server = real::require("sshd", "PILOTAGE_TEST_SSHD")?;
        let behind = Self { world: world(), server };
        let url = format!("ssh://releases{}", behind.world.beside("origin.git").display());
        behind.world.git(&["remote", "set-url", "origin", &url]);
        behind.with(&[]);
        Some(behind)
    }

    /// Uses the settings of the server's own client, with some of their words replaced.
    fn with(&self, replaced: &[(&str, &str)]) {
        let settings = get(&self.server.join("client"));
        let replace = |text: String, (old, new): &(&str, &str)| {
            assert!(text.contains(old), "`{old}` is not among {text}");
            text.replace(old, new)
        };
        let file = self.world.beside("client");
        put(&file, &replaced.iter().fold(settings, replace));
        self.world.git(&["config", "core.sshCommand", &format!("ssh -F {}", file.display())]);
    }

    /// Lets the client know the host by this key.
    fn known_by(&self, key: &Path) -> PathBuf {
        let known = self.world.beside("known_hosts");
        put(&known, &format!("releases {}", get(key)));
        known
    }
}

#[test]
fn a_version_is_claimed_through_a_real_server() {
    let Some(behind) = Behind::sshd() else { return };
    is_claimed(&behind.world);
}

#[test]
fn a_host_that_is_not_known_is_not_talked_to() {
    let Some(behind) = Behind::sshd() else { return };
    let known = format!("{}/known_hosts", behind.server.display());
    for checking in ["StrictHostKeyChecking yes", "StrictHostKeyChecking ask"] {
        behind.with(&[(&known, "/dev/null"), ("StrictHostKeyChecking yes", checking)]);
        let (bar, said) = barred(&behind.world);
        assert!(said.contains("Host key verification failed"), "{said}");
        assert!(said.contains("known_hosts") && bar == Bar::HostKey, "{said}");
    }
}

#[test]
fn a_host_with_another_key_than_the_known_one_is_not_talked_to() {
    let Some(behind) = Behind::sshd() else { return };
    let known = format!("{}/known_hosts", behind.server.display());
    let other = behind.known_by(&behind.server.join("user.pub"));
    behind.with(&[(&known, other.to_str().expect("text"))]);
    let (bar, said) = barred(&behind.world);
    assert!(said.contains("compare it") && bar == Bar::HostKey, "{said}");
}

#[test]
fn a_key_that_the_server_does_not_take_is_told_as_that() {
    let Some(behind) = Behind::sshd() else { return };
    let key = |name: &str| format!("IdentityFile {}/{name}", behind.server.display());
    behind.with(&[(&key("user"), &key("host"))]);
    let (bar, said) = barred(&behind.world);
    assert!(said.contains("Permission denied (publickey") && said.contains("ssh-add"), "{said}");
    assert_eq!(bar, Bar::Login);
}

#[test]
fn a_session_that_dies_before_its_answer_is_looked_up() {
    let Some(behind) = Behind::sshd() else { return };
    behind.world.dies(Death::Before);
    let (claimed, there) = tried(&behind.world);
    assert!(matches!(claimed, Err(GitError::Command { .. })) && !there, "{claimed:?}");
    behind.world.recovers();
    behind.world.dies(Death::After);
    let (claimed, there) = tried(&behind.world);
    assert!(matches!(claimed, Ok(Claimed::Ours)) && there, "{claimed:?}");
}

#[test]
fn a_repository_that_is_gone_after_the_push_leaves_it_unknown() {
    let Some(behind) = Behind::sshd() else { return };
    behind.world.dies(Death::ForGood);
    let (claimed, _) = tried(&behind.world);
    assert!(matches!(claimed, Err(GitError::Unknown { .. })), "{claimed:?}");
}
