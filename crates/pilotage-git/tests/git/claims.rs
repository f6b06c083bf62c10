//! Who gets a version, when answers are lost and others are faster.

use std::path::Path;

use pilotage_artifact::{CommitId, TagPrefix};
use pilotage_git::{
    Bar, Claim, Claimed, Draft, Git, GitError, History, Remote, RemoteName, Seen, Writer, claim,
};

use crate::world::World;

pub(crate) fn world() -> World {
    let world = World::new();
    world.write("VERSION", "1.0.0\n");
    world.with_remote()
}

/// What a release of this clone would publish.
pub(crate) fn wanted(folder: &Path) -> Claim {
    let writer = Writer::open(folder).expect("opened");
    let by = writer.identity().expect("somebody");
    let from = History::open(folder).and_then(|history| history.head()).expect("a head");
    let files = [("VERSION".to_owned(), b"1.0.1\n".to_vec())];
    let message = "chore(release): v1.0.1";
    let draft = Draft { parent: from, files: &files, message, by: &by };
    let commit = writer.commit(&draft).expect("made");
    let nonce = format!("v1.0.1\n\nClaim: {}\n", folder.display());
    let object = writer.tag("v1.0.1", commit, &nonce, &by).expect("made");
    Claim { branch: "main".into(), from, commit, tag: "v1.0.1".into(), object }
}

fn make(folder: &Path, remote: &dyn Remote) -> Result<Claimed, GitError> {
    claim(remote, &TagPrefix::default(), &wanted(folder))
}

pub(crate) fn origin() -> RemoteName {
    "origin".parse().expect("a name")
}

/// A version is claimed, and is there for everybody.
pub(crate) fn is_claimed(world: &World) {
    let (git, origin, line) = (Git::new(&world.path()), origin(), TagPrefix::default());
    let (remote, wish) = (git.remote(&origin), wanted(&world.path()));
    assert_eq!(claim(&remote, &line, &wish).expect("published"), Claimed::Ours);
    assert_eq!(claim(&remote, &line, &wish).expect("again"), Claimed::Ours);
    let seen = remote.read("main", &line).expect("read");
    assert_eq!((seen.branch, seen.tags["v1.0.1"].commit), (Some(wish.commit), wish.commit));
    remote.fetch("main", &line).expect("fetched");
}

/// What came of a claim, and whether the version is at the remote.
pub(crate) fn tried(world: &World) -> (Result<Claimed, GitError>, bool) {
    let (git, origin) = (Git::new(&world.path()), origin());
    let claimed = make(&world.path(), &git.remote(&origin));
    let tags = Git::new(&world.beside("origin.git")).run(&["tag"]).unwrap_or_default();
    (claimed, tags.contains("v1.0.1"))
}

/// Who did not let a claim through, and in which words; nothing was published.
pub(crate) fn barred(world: &World) -> (Bar, String) {
    match tried(world) {
        (Err(error @ GitError::Barred { bar, .. }), false) => (bar, error.to_string()),
        other => panic!("not barred: {other:?}"),
    }
}

#[test]
fn one_push_publishes_branch_and_tag_and_a_second_run_finds_them() {
    let world = world();
    let (git, origin) = (Git::new(&world.path()), origin());
    let remote = git.remote(&origin);
    let (line, wish) = (TagPrefix::default(), wanted(&world.path()));
    assert_eq!(claim(&remote, &line, &wish).expect("published"), Claimed::Ours);
    assert_eq!(claim(&remote, &line, &wish).expect("again"), Claimed::Ours, "the same tag");
    let seen = remote.read("main", &TagPrefix::default()).expect("read");
    let commit = wanted(&world.path()).commit;
    assert_eq!(seen.branch, Some(commit));
    assert_eq!(seen.tags["v1.0.1"].commit, commit);
}

#[test]
fn the_same_commit_is_success_and_another_is_a_loss() {
    let world = world();
    let origin = origin();
    let same = world.other("same", &[]);
    let git = Git::new(&same);
    for setting in [["user.name", "Ada"], ["user.email", "ada@example.com"]] {
        git.run(&["config", setting[0], setting[1]]).expect("configured");
    }
    let bob = world.other("bob", &[]);
    let first = Git::new(&world.path());
    assert_eq!(make(&world.path(), &first.remote(&origin)).expect("published"), Claimed::Ours);
    assert_eq!(make(&same, &git.remote(&origin)).expect("there"), Claimed::Already);
    let lost = make(&bob, &Git::new(&bob).remote(&origin)).expect("an answer");
    assert_eq!(lost, Claimed::Lost { to: wanted(&world.path()).commit }, "Bob's commit is another");
}

#[test]
fn where_the_branch_has_moved_not_even_the_tag_is_published() {
    let world = world();
    let origin = origin();
    let bob = world.other("bob", &[]);
    let git = Git::new(&bob);
    git.run(&["commit", "--quiet", "--allow-empty", "-m", "fix: faster"]).expect("made");
    git.run(&["push", "--quiet", "origin", "main"]).expect("pushed");
    let tip = History::open(&bob).and_then(|history| history.head()).expect("a head");
    let remote = Git::new(&world.path());
    let remote = remote.remote(&origin);
    assert_eq!(make(&world.path(), &remote).expect("an answer"), Claimed::Moved { to: Some(tip) });
    let seen = remote.read("main", &TagPrefix::default()).expect("read");
    assert!(seen.tags.is_empty(), "all or nothing: {seen:?}");
    remote.fetch("main", &TagPrefix::default()).expect("fetched");
    let here = world.history().reference("refs/remotes/origin/main").expect("read");
    assert_eq!(here, Some(tip));
}

/// A line that breaks: before the push arrives, or when the answer is under way.
#[derive(Debug)]
struct Broken<'a> {
    inner: &'a dyn Remote,
    arrives: bool,
    then_deaf: bool,
}

fn broken() -> GitError {
    let (command, status) = ("git push".into(), "exit status: 128".into());
    GitError::Command { command, status, said: "the remote end hung up".into() }
}

impl Remote for Broken<'_> {
    fn read(&self, branch: &str, prefix: &TagPrefix) -> Result<Seen, GitError> {
        if self.then_deaf { Err(broken()) } else { self.inner.read(branch, prefix) }
    }

    fn push(&self, claim: &Claim) -> Result<(), GitError> {
        if self.arrives {
            self.inner.push(claim)?;
        }
        Err(broken())
    }

    fn fetch(&self, branch: &str, prefix: &TagPrefix) -> Result<(), GitError> {
        self.inner.fetch(branch, prefix)
    }
}

#[test]
fn a_lost_answer_is_looked_up_and_a_lost_push_is_said() {
    let world = world();
    let (git, origin) = (Git::new(&world.path()), origin());
    let inner = git.remote(&origin);
    let lost_push = Broken { inner: &inner, arrives: false, then_deaf: false };
    assert!(matches!(make(&world.path(), &lost_push), Err(GitError::Command { .. })));
    let deaf = Broken { inner: &inner, arrives: true, then_deaf: true };
    assert!(matches!(make(&world.path(), &deaf), Err(GitError::Unknown { .. })));
    let lost_answer = Broken { inner: &inner, arrives: true, then_deaf: false };
    let claimed = make(&world.path(), &lost_answer).expect("it is there");
    assert!(matches!(claimed, Claimed::Ours | Claimed::Already), "{claimed:?}");
    let tip: CommitId =
        world.git(&["ls-remote", "origin", "refs/heads/main"])[..40].parse().expect("id");
    assert_eq!(tip, wanted(&world.path()).commit);
}
