//! Every kind of checkout that CI systems make: read, or refused with the fix.

use pilotage_artifact::TagPrefix;
use pilotage_git::{Draft, Git, GitError, History, Remote as _, RemoteName, Writer};

use crate::world::{World, get, put, since, told};

/// Five commits, released after the first.
fn world() -> World {
    let world = World::new();
    world.write("VERSION", "1.0.0\n");
    world.git(&["tag", "-a", "-m", "one", "v1.0.0"]);
    for n in 0..4 {
        world.commit(&format!("fix: {n}"));
    }
    let world = world.with_remote();
    let serve = Git::new(&world.beside("origin.git"));
    serve.run(&["config", "uploadpack.allowFilter", "true"]).expect("configured");
    world
}

#[test]
fn a_shallow_clone_is_refused_where_the_answer_lies_beyond_it() {
    let world = world();
    let near = world.other("near", &["--depth", "2"]);
    Git::new(&near)
        .run(&["fetch", "--quiet", "--depth", "1", "origin", "tag", "v1.0.0"])
        .expect("ok");
    let error = since(&near, "v").expect_err("it is cut off");
    assert!(matches!(error, GitError::Shallow { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("fetch-depth: 0") && text.contains("filter: tree:0"), "{text}");
    let deep = world.other("deep", &["--depth", "5"]);
    assert_eq!(told(&since(&deep, "v").expect("it is all there")), ("v1.0.0".into(), 4));
}

#[test]
fn a_treeless_clone_has_all_that_is_needed() {
    let world = world();
    let path = world.other("treeless", &["--filter=tree:0"]);
    assert_eq!(told(&since(&path, "v").expect("an answer")), ("v1.0.0".into(), 4));
    let history = History::open(&path).expect("opened");
    let head = history.head().expect("a head");
    let text = |commit| history.file(commit, "VERSION").expect("it is there");
    assert_eq!(text(head).as_deref(), Some(&b"1.0.0\n"[..]));
    world.write("VERSION", "1.0.1\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    let (git, origin) = (Git::new(&path), "origin".parse::<RemoteName>().expect("a name"));
    git.remote(&origin).fetch("main", &TagPrefix::default()).expect("fetched");
    assert_eq!(text(world.head()).as_deref(), Some(&b"1.0.1\n"[..]), "what is new comes whole");
    let writer = Writer::open(&path).expect("opened");
    let by = writer.identity().expect("Bob");
    let files = [("VERSION".to_owned(), b"1.0.2\n".to_vec())];
    let draft = Draft { parent: world.head(), files: &files, message: "x", by: &by };
    writer.commit(&draft).expect("written");
}

#[test]
fn a_detached_head_and_a_worktree_are_ordinary() {
    let world = world();
    let head = world.head();
    world.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(world.history().branch().expect("read"), None);
    assert_eq!(told(&world.since()), ("v1.0.0".into(), 4));
    let path = world.beside("tree");
    world.git(&["worktree", "add", "--quiet", "-b", "side", path.to_str().expect("text")]);
    let history = History::open(&path).expect("opened");
    assert_eq!(history.branch().expect("read").as_deref(), Some("side"));
    assert_eq!(history.head().expect("read"), head);
    assert_eq!(told(&since(&path, "v").expect("an answer")), ("v1.0.0".into(), 4));
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = History::open(folder.path()).expect_err("no repository");
    assert!(matches!(nothing, GitError::Open { .. }), "{nothing}");
    let git = Git::new(folder.path());
    git.run(&["init", "--quiet", "--object-format=sha256", "big"]).expect("made");
    let big = History::open(&folder.path().join("big")).expect_err("longer names");
    assert!(matches!(big, GitError::Unsupported { .. }), "{big}");
    git.run(&["init", "--quiet", "-b", "main", "tables"]).expect("made");
    let config = folder.path().join("tables/.git/config");
    put(&config, "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n");
    let tables = History::open(&folder.path().join("tables")).expect_err("another store");
    assert!(matches!(tables, GitError::Unsupported { .. }), "{tables}");
    git.run(&["init", "--quiet", "empty"]).expect("made");
    let empty = History::open(&folder.path().join("empty")).expect("opened").head();
    assert!(matches!(empty, Err(GitError::Unborn)), "{empty:?}");
}

/// Giving files away needs the right to; containers of CI jobs, where this matters, have it.
#[test]
fn a_checkout_of_somebody_else_is_read_and_not_written() {
    let world = world();
    if !rustix::process::geteuid().is_root() {
        assert_eq!(told(&world.since()), ("v1.0.0".into(), 4));
        return;
    }
    let nobody = rustix::fs::Uid::from_raw(65_534);
    for path in [world.path(), world.path().join(".git")] {
        rustix::fs::chown(&path, Some(nobody), None).expect("given away");
    }
    assert_eq!(told(&world.since()), ("v1.0.0".into(), 4), "reading executes nothing");
    let error = Writer::open(&world.path()).expect_err("it is not ours");
    let text = error.to_string();
    assert!(matches!(error, GitError::Foreign { .. }), "{text}");
    assert!(text.contains("git config --global --add safe.directory"), "{text}");
    assert_eq!(get(&world.path().join("VERSION")), "1.0.0\n");
}
