//! What can go wrong with a repository, in words that say what to do next.

use std::path::PathBuf;
use std::time::Duration;

use pilotage_artifact::CommitId;

use crate::Bar;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why git could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no repository, or none that can be opened.
    #[error("there is no git repository to open at `{}`", .path.display())]
    Open {
        /// Where it was looked for, upwards.
        path: PathBuf,
        /// What refused.
        source: Cause,
    },
    /// The repository uses something that this crate cannot read.
    #[error(
        "the repository uses {what}, which cannot be read here; use one with SHA-1 object names \
         and file references (`git init --object-format=sha1 --ref-format=files`)"
    )]
    Unsupported {
        /// What it uses.
        what: &'static str,
    },
    /// The files belong to somebody else, and git does not trust them.
    #[error(
        "`{path}` belongs to another user, so git does not trust it; if you do, run \
         `git config --global --add safe.directory {path}`"
    )]
    Foreign {
        /// The folder that has to be trusted.
        path: String,
    },
    /// The clone ends before the answer.
    #[error(
        "the clone is shallow and ends at {}, before the last release was found; clone it whole, \
         with `fetch-depth: 0` and `filter: tree:0` of actions/checkout, or run \
         `git fetch --unshallow --tags --filter=tree:0`", .at.short()
    )]
    Shallow {
        /// The last commit that is there.
        at: CommitId,
    },
    /// The clone leaves out the folders by which commits are chosen.
    #[error(
        "the clone leaves out the folders of commit {}, by which the commits of this line are \
         chosen; clone with `filter: blob:none` instead of `filter: tree:0`, or run \
         `git fetch --refetch --filter=blob:none`", .at.short()
    )]
    Treeless {
        /// Which commit.
        at: CommitId,
    },
    /// There is no commit yet.
    #[error("there is no commit yet")]
    Unborn,
    /// Something could not be read.
    #[error("could not read {what}")]
    Read {
        /// What.
        what: String,
        /// What refused.
        source: Cause,
    },
    /// Something could not be written.
    #[error("could not {doing}")]
    Write {
        /// What was being done.
        doing: &'static str,
        /// What libgit2 said.
        source: git2::Error,
    },
    /// Nobody said in whose name to commit.
    #[error(
        "git does not know in whose name to commit; run `git config user.name NAME` and \
         `git config user.email ADDRESS`"
    )]
    Nobody,
    /// The working tree has changes that the release would overwrite.
    #[error("`{path}` has changes that are not committed; commit them or `git restore` it")]
    Changed {
        /// Which file.
        path: String,
    },
    /// The git command could not be started.
    #[error("`{command}` could not be started; install git, 2.31 or newer")]
    Start {
        /// The command line.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The git command ran and did not succeed.
    #[error("`{command}` failed with {status}: {said}")]
    Command {
        /// The command line.
        command: String,
        /// The exit status.
        status: String,
        /// Its last words.
        said: String,
    },
    /// The git command was not let through to the remote, so it has changed nothing there.
    #[error("`{command}` was not let in: {said}; {bar}")]
    Barred {
        /// The command line.
        command: String,
        /// Who did not let it in.
        bar: Bar,
        /// Its last words.
        said: String,
    },
    /// The git command did not end.
    #[error("`{command}` was ended after {} s without an answer", .after.as_secs())]
    TimedOut {
        /// The command line.
        command: String,
        /// How long it was given.
        after: Duration,
    },
    /// A push has failed, and what is there afterwards cannot be read.
    #[error(
        "it is unknown whether the release was published, for the remote does not answer; run \
         the same command again to find out ({push})"
    )]
    Unknown {
        /// How the push ended.
        push: String,
        /// Why the remote could not be read.
        source: Box<GitError>,
    },
    /// A name from a file cannot be given to git.
    #[error("`{given}` cannot name a {what}")]
    Name {
        /// What it should name.
        what: &'static str,
        /// The text.
        given: String,
    },
}

impl GitError {
    pub(crate) fn read(what: impl Into<String>) -> impl FnOnce(gix::Error) -> Self {
        let what = what.into();
        move |source| Self::Read { what, source: Box::new(source) }
    }

    pub(crate) fn write(doing: &'static str) -> impl FnOnce(git2::Error) -> Self {
        move |source| Self::Write { doing, source }
    }
}
