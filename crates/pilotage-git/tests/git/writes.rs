//! Commits and tags, before and after anybody can see them.

use pilotage_artifact::CommitId;
use pilotage_git::{Draft, Git, GitError, Writer};

use crate::world::{World, get, put};

fn draft(world: &World, content: &str) -> (Writer, CommitId) {
    let writer = Writer::open(&world.path()).expect("opened");
    let by = writer.identity().expect("Ada");
    let files = [("a/VERSION".to_owned(), content.as_bytes().to_vec())];
    let message = "chore(release): v1.0.1";
    let draft = Draft { parent: world.head(), files: &files, message, by: &by };
    let commit = writer.commit(&draft).expect("made");
    (writer, commit)
}

fn world() -> World {
    let world = World::new();
    world.write("a/VERSION", "1.0.0\n");
    world.write("b/other", "untouched\n");
    world
}

#[test]
fn a_commit_is_a_function_of_its_draft_and_changes_nothing_else() {
    let world = world();
    world.git(&["update-index", "--chmod=+x", "a/VERSION"]);
    world.git(&["commit", "--quiet", "-m", "chore: run it"]);
    world.git(&["checkout", "--quiet", "--", "."]);
    put(&world.path().join("b/stray"), "not committed");
    let (before, commit) = (world.head(), draft(&world, "1.0.1\n").1);
    assert_eq!(draft(&world, "1.0.1\n").1, commit, "made again, it is the same");
    assert_eq!(world.head(), before, "no reference moved");
    let id = commit.to_string();
    assert_eq!(world.git(&["diff", "--name-only", "HEAD", &id]), "a/VERSION");
    assert_eq!(world.git(&["show", &format!("{id}:a/VERSION")]), "1.0.1");
    assert!(world.git(&["ls-tree", &id, "a/VERSION"]).starts_with("100755"));
    assert_eq!(
        world.git(&["log", "-1", "--format=%an <%ae> %s", &id]),
        "Ada <ada@example.com> chore(release): v1.0.1"
    );
    world.git(&["fsck", "--strict", "--no-dangling"]);
}

#[test]
fn adopting_moves_the_branch_and_the_files_that_nobody_touched() {
    let world = world();
    let before = world.head();
    let (writer, commit) = draft(&world, "1.0.1\n");
    let by = writer.identity().expect("Ada");
    let tag = writer.tag("v1.0.1", commit, "v1.0.1\n\nPlan: x\n", &by).expect("made");
    assert!(writer.adopt("main", before, commit, ("v1.0.1", tag)).expect("adopted"));
    assert_eq!(world.head(), commit);
    assert_eq!(get(&world.path().join("a/VERSION")), "1.0.1\n");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.git(&["rev-parse", "v1.0.1^{commit}"]), commit.to_string());
    let message = world.history().tag_message("v1.0.1").expect("read").expect("annotated");
    assert!(message.contains("Plan: x"), "{message}");
    assert!(!writer.adopt("main", before, commit, ("v1.0.1", tag)).expect("again"), "moved on");
}

#[test]
fn a_file_with_changes_is_named_and_never_overwritten() {
    let world = world();
    let before = world.head();
    let (writer, commit) = draft(&world, "1.0.1\n");
    put(&world.path().join("a/VERSION"), "by hand\n");
    assert!(matches!(writer.clean(&["a/VERSION"]), Err(GitError::Changed { .. })));
    writer.clean(&["b/other", "no/such"]).expect("nothing changed there");
    let by = writer.identity().expect("Ada");
    let tag = writer.tag("v1.0.1", commit, "v1.0.1", &by).expect("made");
    assert!(writer.adopt("main", before, commit, ("v1.0.1", tag)).is_err());
    assert_eq!(get(&world.path().join("a/VERSION")), "by hand\n");
    assert_eq!(world.head(), before, "the branch stands where the files do");
}

#[test]
fn off_the_branch_only_the_tag_is_named() {
    let world = world();
    let before = world.head();
    let (writer, commit) = draft(&world, "1.0.1\n");
    let by = writer.identity().expect("Ada");
    let tag = writer.tag("v1.0.1", commit, "v1.0.1", &by).expect("made");
    Git::new(&world.path()).run(&["checkout", "--quiet", "--detach"]).expect("detached");
    world.git(&["branch", "--quiet", "-f", "main", "HEAD~1"]);
    assert!(!writer.adopt("main", before, commit, ("v1.0.1", tag)).expect("adopted"));
    assert_eq!(world.head(), before);
    assert_eq!(world.git(&["rev-parse", "v1.0.1^{commit}"]), commit.to_string());
}
