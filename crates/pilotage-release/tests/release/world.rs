//! A shared repository and the clones of those who release from it.

use std::path::{Path, PathBuf};

use pilotage_git::Git;
use pilotage_release::{Applied, Desk, Plan, ReleaseError, Wanted};
use tempfile::TempDir;

pub(crate) const SETTINGS: &str = "files = [\"VERSION\"]\n";

pub(crate) struct World {
    folder: TempDir,
}

impl World {
    /// A repository at 1.0.0 with these settings, and Ada's clone of it.
    pub(crate) fn new(settings: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        world.git(&["init", "--quiet", "--bare", "-b", "main", "origin.git"]);
        for setting in [["receive.autogc", "false"], ["user.name", "x"], ["user.email", "x@y.z"]] {
            world.git(&["-C", "origin.git", "config", setting[0], setting[1]]);
        }
        let ada = world.clone_for("ada");
        ada.write("VERSION", "1.0.0\n");
        ada.write("release.toml", settings);
        ada.commit("feat: begin");
        ada.git(&["tag", "-a", "-m", "by hand", "v1.0.0"]);
        ada.git(&["push", "--quiet", "origin", "HEAD:refs/heads/main", "v1.0.0"]);
        world
    }

    pub(crate) fn clone_for(&self, name: &str) -> Clone {
        self.git(&["clone", "--quiet", "origin.git", name]);
        let clone = self.clone_of(name);
        clone.git(&["checkout", "--quiet", "-B", "main"]);
        // Hundreds of small commands, each of which would look whether to clean up.
        clone.git(&["config", "maintenance.auto", "false"]);
        clone.git(&["config", "user.name", name]);
        clone.git(&["config", "user.email", &format!("{name}@example.com")]);
        clone
    }

    /// Lets a clone reach the shared repository through the server whose folder this is.
    pub(crate) fn over_ssh(&self, clone: &Clone, server: &Path) {
        let url = format!("ssh://releases{}", self.folder.path().join("origin.git").display());
        clone.git(&["remote", "set-url", "origin", &url]);
        let ssh = format!("ssh -F {}", server.join("client").display());
        clone.git(&["config", "core.sshCommand", &ssh]);
    }

    /// Lets the branch of the shared repository move on, as when somebody merges there.
    pub(crate) fn merge_there(&self, message: &str) {
        let make = ["commit-tree", "main^{tree}", "-p", "main", "-m", message];
        let commit = self.git(&[&["-C", "origin.git"], &make[..]].concat());
        self.git(&["-C", "origin.git", "update-ref", "refs/heads/main", &commit]);
    }

    /// A clone without folders and files but those that are checked out.
    pub(crate) fn treeless(&self, name: &str) -> Clone {
        self.git(&["-C", "origin.git", "config", "uploadpack.allowFilter", "true"]);
        let url = format!("file://{}", self.folder.path().join("origin.git").display());
        self.git(&["clone", "--quiet", "--filter=tree:0", &url, name]);
        self.clone_of(name)
    }

    pub(crate) fn clone_of(&self, name: &str) -> Clone {
        Clone { path: self.folder.path().join(name) }
    }

    pub(crate) fn ada(&self) -> Clone {
        self.clone_of("ada")
    }

    fn git(&self, args: &[&str]) -> String {
        run(self.folder.path(), args)
    }
}

fn run(folder: &Path, args: &[&str]) -> String {
    Git::new(folder).run(args).unwrap_or_else(|error| panic!("{error}")).trim().into()
}

pub(crate) struct Clone {
    pub(crate) path: PathBuf,
}

impl Clone {
    pub(crate) fn git(&self, args: &[&str]) -> String {
        run(&self.path, args)
    }

    #[expect(clippy::disallowed_methods, reason = "a work tree is edited as people edit it")]
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    #[expect(clippy::disallowed_methods, reason = "a work tree is read as people read it")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path.join(name)).expect("read")
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Commits and pushes, as a merged pull request does.
    pub(crate) fn land(&self, message: &str) -> String {
        let commit = self.commit(message);
        self.git(&["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
        commit
    }

    pub(crate) fn catch_up(&self) {
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["reset", "--quiet", "--hard", "origin/main"]);
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk::open(&self.path, "release.toml").expect("a line of releases")
    }

    pub(crate) fn plan(&self) -> Plan {
        self.desk().plan(None).expect("a plan")
    }

    pub(crate) fn apply(&self, plan: Option<&str>) -> Result<Applied, ReleaseError> {
        self.desk().apply(&Wanted { plan, label: None, attempts: 5 })
    }

    /// The tags of the remote, each with its commit.
    pub(crate) fn remote_tags(&self) -> Vec<String> {
        let listed = self.git(&["ls-remote", "--refs", "--tags", "origin"]);
        listed.lines().filter_map(|line| line.rsplit('/').next()).map(str::to_owned).collect()
    }
}

/// The tag of a release that this very run has made.
pub(crate) fn released(applied: &Applied) -> &str {
    match applied {
        Applied::Released { tag, .. } => tag,
        other => panic!("not released: {other:?}"),
    }
}
