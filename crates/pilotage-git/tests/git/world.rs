//! A repository to play with.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pilotage_artifact::{CommitId, TagPrefix};
use pilotage_git::{Git, GitError, History, Since};
use tempfile::TempDir;

/// A temporary folder with a repository in it.
pub(crate) struct World {
    folder: TempDir,
    name: &'static str,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let world = Self { folder, name: "work" };
        Git::new(world.folder.path())
            .run(&["init", "--quiet", "-b", "main", "work"])
            .expect("made");
        world.identify();
        world
    }

    fn identify(&self) {
        for setting in [["user.name", "Ada"], ["user.email", "ada@example.com"]] {
            self.git(&["config", setting[0], setting[1]]);
        }
    }

    /// A bare copy, which becomes `origin`.
    pub(crate) fn with_remote(self) -> Self {
        Git::new(self.folder.path())
            .run(&["clone", "--quiet", "--bare", "work", "origin.git"])
            .expect("cloned");
        let remote = self.folder.path().join("origin.git");
        self.git(&["remote", "add", "origin", remote.to_str().expect("text")]);
        self
    }

    /// Another clone of the remote.
    pub(crate) fn other(&self, name: &str, options: &[&str]) -> PathBuf {
        let from = format!("file://{}", self.folder.path().join("origin.git").display());
        let clone = [&["clone", "--quiet"], options, &[&from, name]].concat();
        Git::new(self.folder.path()).run(&clone).expect("cloned");
        let path = self.folder.path().join(name);
        for setting in [["user.name", "Bob"], ["user.email", "bob@example.com"]] {
            Git::new(&path).run(&["config", setting[0], setting[1]]).expect("configured");
        }
        path
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        Git::new(&self.path()).run(args).unwrap_or_else(|error| panic!("{error}")).trim().into()
    }

    /// A commit without files; gives its id.
    pub(crate) fn commit(&self, message: &str) -> CommitId {
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.head()
    }

    pub(crate) fn head(&self) -> CommitId {
        self.git(&["rev-parse", "HEAD"]).parse().expect("an id")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.git(&["config", "core.autocrlf", "false"]);
        put(&self.path().join(name), text);
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "-m", &format!("chore: {name}")]);
    }

    pub(crate) fn history(&self) -> History {
        History::open(&self.path()).expect("a repository")
    }

    pub(crate) fn since(&self) -> Since {
        since(&self.path(), "v").expect("an answer")
    }

    /// Feeds a stream to `git fast-import`.
    #[expect(clippy::disallowed_methods, reason = "the one command that needs an input")]
    pub(crate) fn import(&self, stream: &str) {
        let mut child = Command::new("git")
            .args(["fast-import", "--quiet", "--force"])
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("git is there");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(stream.as_bytes()).expect("written");
        drop(input);
        assert!(child.wait().expect("ended").success());
    }
}

pub(crate) fn since(folder: &Path, prefix: &str) -> Result<Since, GitError> {
    let prefix: TagPrefix = prefix.parse().expect("a prefix");
    let history = History::open(folder)?;
    history.since(history.head()?, &history.tags(&prefix)?)
}

/// The name of the release and the number of commits after it.
pub(crate) fn told(since: &Since) -> (String, usize) {
    let name = since.release.as_ref().map(|tag| tag.name.clone()).unwrap_or_default();
    (name, since.commits.len())
}

#[expect(clippy::disallowed_methods, reason = "a file of a test")]
pub(crate) fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

#[expect(clippy::disallowed_methods, reason = "a file of a test")]
pub(crate) fn get(path: &Path) -> String {
    std::fs::read_to_string(path).expect("read")
}
