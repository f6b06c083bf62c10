//! Files of a folder, and the lines that commits have added.

use std::path::Path;

use git2::{Repository, Signature};
use pilotage_git::History;
use pilotage_scan::{AllowList, Report, files, history, scan};

const OLD: &str = "OLD_PASSWORD=kX9-vQ2mT7pL4wZ8\n";
const NEW: &str = "NEW_PASSWORD=bN4_rT8yU2iO6pA1\n";

/// Writes a file and commits it.
fn commit(repo: &Repository, path: &str, text: &str) {
    let root = repo.workdir().expect("it has a folder");
    std::fs::write(root.join(path), text).expect("it can be written");
    let mut index = repo.index().expect("there is an index");
    index.add_path(Path::new(path)).expect("it is there");
    let tree = repo.find_tree(index.write_tree().expect("it is written")).expect("it is there");
    index.write().expect("it is written");
    let who = Signature::now("a", "a@b.invalid").expect("it is one");
    let parent = repo.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<_> = parent.iter().collect();
    repo.commit(Some("HEAD"), &who, &who, "change", &tree, &parents).expect("it is committed");
}

fn looked_at(folder: &Path, has_base: bool) -> Report {
    let read = History::open(folder).expect("it is one");
    let head = read.head().expect("there is one");
    let base = has_base.then(|| read.parent(head).expect("it can be read")).flatten();
    let mut sources = Vec::new();
    history(&read, base, head, |source| sources.push(source)).expect("it can be read");
    scan(sources, &AllowList::default())
}

#[test]
fn only_lines_that_the_range_has_added_count() {
    let folder = tempfile::tempdir().expect("there is room");
    let repo = Repository::init(folder.path()).expect("it is made");
    commit(&repo, ".env", OLD);
    commit(&repo, ".env", &format!("# moved down\n{OLD}{NEW}"));
    let report = looked_at(folder.path(), true);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].excerpt, "NEW_PASSWORD=[hidden]");
    assert_eq!(report.findings[0].line, 3);
    assert!(report.findings[0].commit.is_some());
}

#[test]
fn what_was_removed_again_is_still_in_the_history() {
    let folder = tempfile::tempdir().expect("there is room");
    let repo = Repository::init(folder.path()).expect("it is made");
    commit(&repo, ".env", OLD);
    commit(&repo, ".env", "\n");
    assert_eq!(looked_at(folder.path(), false).findings.len(), 1);
    assert_eq!(looked_at(folder.path(), true).findings.len(), 0);
}

#[test]
fn files_are_read_in_order_and_what_git_keeps_is_left_out() {
    let folder = tempfile::tempdir().expect("there is room");
    let root = folder.path();
    for path in [".git/config", "b/c.env", "a.env"] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, OLD).expect("it can be written");
    }
    std::os::unix::fs::symlink(root.join("a.env"), root.join("link")).expect("it is made");
    let mut seen = Vec::new();
    files(&[root.to_owned()], |source| seen.push(source.path)).expect("it can be read");
    let expected: Vec<String> =
        ["a.env", "b/c.env"].map(|path| root.join(path).display().to_string()).into();
    assert_eq!(seen, expected);
    let missing = files(&[root.join("none")], |_| ()).map_err(|error| error.to_string());
    assert!(missing.is_err_and(|error| error.contains("none")));
}
