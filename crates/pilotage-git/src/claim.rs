//! Claiming a version: of all who want it, the one whose tag the remote took has it.
//!
//! The remote is the lock. A local look at tags is out of date when it ends, and so is a
//! concurrency group of a CI system that is keyed by something else. What came of a push is never
//! taken from its words but read back, since the answer can be lost as well as the push.

use pilotage_artifact::{CommitId, TagPrefix};

use crate::{GitError, Remote};

/// What is to be published, both parts or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The branch that moves.
    pub branch: String,
    /// Where it has to stand before.
    pub from: CommitId,
    /// The commit that it moves to; the same, if no file changes.
    pub commit: CommitId,
    /// The name of the tag.
    pub tag: String,
    /// The tag object, which is different for everybody who makes one.
    pub object: CommitId,
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// The version is ours: the remote has our tag.
    Ours,
    /// The version is there at this very commit, by somebody else or by an earlier run of ours.
    Already,
    /// The version is there at another commit.
    Lost {
        /// Which one.
        to: CommitId,
    },
    /// The branch has moved on, so nothing was published.
    Moved {
        /// Where it stands now; nothing, if it is gone.
        to: Option<CommitId>,
    },
}

/// Claims a version, and reads back what has come of it.
pub fn claim(remote: &dyn Remote, prefix: &TagPrefix, claim: &Claim) -> Result<Claimed, GitError> {
    let pushed = remote.push(claim);
    let seen = match remote.read(&claim.branch, prefix) {
        Ok(seen) => seen,
        Err(source) => return Err(unread(pushed, source)),
    };
    match (seen.tags.get(&claim.tag), pushed) {
        (Some(tag), _) if tag.object == claim.object => Ok(Claimed::Ours),
        (Some(tag), _) if tag.commit == claim.commit => Ok(Claimed::Already),
        (Some(tag), _) => Ok(Claimed::Lost { to: tag.commit }),
        (None, _) if seen.branch != Some(claim.from) => Ok(Claimed::Moved { to: seen.branch }),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Ok(Claimed::Moved { to: seen.branch }),
    }
}

/// What is known where the remote cannot be read: whoever was not let in has published nothing.
fn unread(pushed: Result<(), GitError>, source: GitError) -> GitError {
    let push = match pushed {
        Err(barred @ GitError::Barred { .. }) => return barred,
        Err(error) => error.to_string(),
        Ok(()) => "it was accepted".into(),
    };
    GitError::Unknown { push, source: Box::new(source) }
}
