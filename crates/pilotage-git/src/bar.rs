//! Why a command was not let in: told from the last words of `git` and `ssh`.
//!
//! All of these are said before anything is written, so whoever was not let in has changed nothing.
//! What the remote itself says is not listened to: a hook may say anything, and at any time.

use std::fmt::{self, Display, Formatter};

/// Who did not let a command through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bar {
    /// The key of the host is not the known one, or none is known.
    HostKey,
    /// No trusted authority vouches for the server.
    Certificate,
    /// There are no credentials, or none that the server takes.
    Login,
    /// The credentials are good, but not for this.
    Rights,
}

/// What is said of each, in the words of OpenSSH, of curl with each of its TLS libraries, of git.
const SAID: [(Bar, &[&str]); 4] = [
    (Bar::HostKey, &["Host key verification failed"]),
    (
        Bar::Certificate,
        &[
            "SSL certificate problem",
            "certificate verification failed",
            "certificate verify failed",
        ],
    ),
    (
        Bar::Login,
        &[
            "Permission denied (",
            "Too many authentication failures",
            "Authentication failed for",
            "could not read Username",
            "could not read Password",
        ],
    ),
    (Bar::Rights, &["The requested URL returned error: 403", "ERROR: Permission to"]),
];

impl Bar {
    /// What kept the command out, if that is why it failed.
    pub(crate) fn of(said: &str) -> Option<Self> {
        let ours = || said.lines().filter(|line| !line.starts_with("remote:"));
        let fits = |words: &[&str]| ours().any(|line| words.iter().any(|word| line.contains(word)));
        SAID.into_iter().find(|(_, words)| fits(words)).map(|(bar, _)| bar)
    }
}

/// What to do about it.
impl Display for Bar {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HostKey => {
                "the host is not known by this key: compare it with what the owner of the host \
                 publishes, and write it into `known_hosts`"
            }
            Self::Certificate => {
                "nobody who is trusted here vouches for the server: name its authority with \
                 `git config http.sslCAInfo FILE`, or in `GIT_SSL_CAINFO`, which comes first"
            }
            Self::Login => {
                "there are no credentials that the server takes: give git a credential helper, or \
                 ssh a key (`ssh-add -l` lists them), and look whether they have expired"
            }
            Self::Rights => {
                "the credentials are not enough for this: give the job the right to push, such as \
                 `contents: write` in GitHub Actions"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_is_understood() {
        for (said, bar) in [
            ("No ED25519 host key is known\nHost key verification failed.", Some(Bar::HostKey)),
            (
                "fatal: unable to access 'x': SSL certificate problem: expired",
                Some(Bar::Certificate),
            ),
            ("server certificate verification failed. CAfile: none", Some(Bar::Certificate)),
            ("git@host: Permission denied (publickey).", Some(Bar::Login)),
            ("fatal: Authentication failed for 'https://host/x/'", Some(Bar::Login)),
            ("fatal: could not read Username for 'https://host'", Some(Bar::Login)),
            ("ERROR: Permission to org/x.git denied to bot.", Some(Bar::Rights)),
            (
                "fatal: unable to access 'x': The requested URL returned error: 403",
                Some(Bar::Rights),
            ),
            ("remote: Permission denied (by a hook)\nerror: failed to push some refs", None),
            ("fatal: the remote end hung up unexpectedly", None),
        ] {
            assert_eq!(Bar::of(said), bar, "{said}");
        }
    }
}
