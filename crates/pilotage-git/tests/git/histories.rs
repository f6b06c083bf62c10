//! Which release a commit contains, and what came after it.

use std::fmt::Write as _;

use pilotage_artifact::TagPrefix;

use crate::world::{World, since, told};

#[test]
fn both_kinds_of_tags_count_and_only_those_in_sight() {
    let world = World::new();
    world.commit("feat: one");
    world.git(&["tag", "v1.0.0"]);
    world.commit("feat: two");
    world.git(&["tag", "-a", "-m", "annotated", "v1.1.0"]);
    let three = world.commit("fix: three");
    assert_eq!(told(&world.since()), ("v1.1.0".into(), 1));
    assert_eq!(world.since().commits, [three]);
    world.git(&["checkout", "--quiet", "-b", "other"]);
    world.commit("feat: four");
    world.git(&["tag", "v2.0.0"]);
    world.git(&["checkout", "--quiet", "main"]);
    assert_eq!(told(&world.since()), ("v1.1.0".into(), 1), "v2.0.0 is on another branch");
}

#[test]
fn a_merged_backport_does_not_hide_the_newer_release() {
    let world = World::new();
    world.commit("feat: one");
    world.git(&["tag", "v1.0.0"]);
    world.git(&["branch", "old"]);
    world.commit("feat: two");
    world.git(&["tag", "v2.0.0"]);
    world.git(&["checkout", "--quiet", "old"]);
    let backport = world.commit("fix: back");
    world.git(&["tag", "v1.0.1"]);
    world.git(&["checkout", "--quiet", "main"]);
    world.git(&["merge", "--quiet", "--no-edit", "old"]);
    let since = world.since();
    assert_eq!(told(&since), ("v2.0.0".into(), 2), "the fix and the merge are new to main");
    assert!(since.commits.contains(&backport));
}

#[test]
fn pre_releases_and_other_lines_are_no_base() {
    let world = World::new();
    world.commit("feat: one");
    world.git(&["tag", "v1.0.0"]);
    world.git(&["tag", "app/v7.0.0"]);
    world.commit("feat: two");
    world.git(&["tag", "v1.1.0-rc.1"]);
    world.git(&["tag", "v1"]);
    world.git(&["tag", "v1.2.3.4"]);
    assert_eq!(told(&world.since()), ("v1.0.0".into(), 1));
    assert_eq!(told(&since(&world.path(), "app/v").expect("an answer")), ("app/v7.0.0".into(), 1));
    let tags = world.history().tags(&TagPrefix::default()).expect("tags");
    let names: Vec<&str> = tags.releases.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["v1.1.0-rc.1", "v1.0.0"], "the newest first");
    assert_eq!(tags.unreadable, ["v1.2.3.4"], "said, and not taken for a release");
}

#[test]
fn messages_parents_and_files_are_those_of_the_commit() {
    let world = World::new();
    world.write("a/VERSION", "1.0.0\n");
    let one = world.head();
    let two = world.commit("feat: two\n\nRelease-As: 2.0.0");
    let history = world.history();
    let commits = history.messages(&[two]).expect("read");
    assert_eq!((commits[0].id, commits[0].parents), (two, 1));
    assert_eq!(commits[0].message, "feat: two\n\nRelease-As: 2.0.0\n");
    assert_eq!(history.parent(two).expect("read"), Some(one));
    assert_eq!(history.file(two, "a/VERSION").expect("read").as_deref(), Some(&b"1.0.0\n"[..]));
    assert_eq!(history.file(two, "b").expect("read"), None);
    assert_eq!(history.prefix(&world.path().join("a")), "a/");
}

/// A small generator, so that each history is the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A history of forty commits with merges, clocks that are wrong by hours, and tags anywhere.
fn random_history(dice: &mut Dice) -> (String, Vec<u64>) {
    let (mut stream, mut tagged) = (String::new(), Vec::new());
    for at in 1..=40_u64 {
        let time = 1_700_000_000 + at * 60 + dice.below(7_200);
        let branch = if at == 40 { "main" } else { "work" };
        let _fits = write!(
            stream,
            "commit refs/heads/{branch}-{at}\nmark :{at}\ncommitter A <a@b> {time} +0000\n\
             data 7\nfeat: x\n"
        );
        let parents = [at.checked_sub(1 + dice.below(3)), at.checked_sub(1 + dice.below(9))];
        let mut parents: Vec<u64> = parents.into_iter().flatten().filter(|&p| p > 0).collect();
        parents.dedup();
        for (index, parent) in parents.iter().enumerate() {
            let word = if index == 0 { "from" } else { "merge" };
            let _fits = writeln!(stream, "{word} :{parent}");
        }
        stream.push('\n');
        if dice.below(6) == 0 {
            tagged.push(at);
        }
    }
    (stream, tagged)
}

#[test]
fn agrees_with_git_on_any_history_with_a_commit_graph_and_without() {
    for seed in 0..12 {
        let world = World::new();
        let mut dice = Dice(seed);
        let (mut stream, tagged) = random_history(&mut dice);
        for at in &tagged {
            let version = format!("v{}.{}.{at}", dice.below(3), dice.below(3));
            let _fits = write!(stream, "reset refs/tags/{version}\nfrom :{at}\n\n");
        }
        world.import(&stream);
        world.git(&["checkout", "--quiet", "main-40"]);
        let without = world.since();
        world.git(&["commit-graph", "write", "--reachable"]);
        let with = world.since();
        assert_eq!(told(&without), told(&with), "seed {seed}");
        let merged = world.git(&["tag", "--merged", "HEAD", "--sort=-v:refname"]);
        let newest = merged.lines().next().unwrap_or_default();
        let exclude = if newest.is_empty() { vec![] } else { vec![format!("^{newest}")] };
        let exclude: Vec<&str> = exclude.iter().map(String::as_str).collect();
        let count = world.git(&[&["rev-list", "--count", "HEAD"], &exclude[..]].concat());
        assert_eq!(told(&with), (newest.into(), count.parse().expect("a number")), "seed {seed}");
        let on_top = world.commit("fix: not in the graph");
        assert_eq!(world.since().commits.len(), with.commits.len() + 1, "seed {seed}");
        let history = world.history();
        let root: pilotage_artifact::CommitId =
            world.git(&["rev-list", "--max-parents=0", "-n1", "HEAD"]).parse().expect("an id");
        assert!(history.contains(on_top, root).expect("an answer"));
        assert!(!history.contains(root, on_top).expect("an answer"));
    }
}
