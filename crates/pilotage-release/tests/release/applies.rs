//! What an apply does, and what it refuses.

use pilotage_artifact::Tag;
use pilotage_git::GitError;
use pilotage_release::{Applied, ReleaseError};

use crate::world::{SETTINGS, World, released};

fn world() -> World {
    let world = World::new(SETTINGS);
    world.ada().land("fix: one");
    world
}

fn hash(world: &World) -> String {
    world.ada().plan().hash().to_string()
}

#[test]
fn the_plan_is_made_once_and_found_again() {
    let world = world();
    let (ada, plan) = (world.ada(), hash(&world));
    let bob = world.clone_for("bob");
    let applied = ada.apply(Some(&plan)).expect("released");
    assert_eq!(released(&applied), "v1.0.1");
    assert_eq!(ada.read("VERSION"), "1.0.1\n");
    assert_eq!(ada.git(&["status", "--porcelain"]), "");
    let (head, tip) = (ada.git(&["rev-parse", "HEAD"]), ada.git(&["rev-parse", "v1.0.1^{commit}"]));
    assert_eq!(head, tip);
    assert!(ada.git(&["ls-remote", "origin", "refs/heads/main"]).starts_with(&head));
    assert_eq!(ada.git(&["log", "-1", "--format=%s"]), "chore(release): v1.0.1");
    for clone in [&ada, &bob] {
        let again = clone.apply(Some(&plan)).expect("found");
        assert!(matches!(&again, Applied::Already { tag, .. } if tag == "v1.0.1"), "{again:?}");
    }
    assert_eq!(ada.remote_tags(), ["v1.0.0", "v1.0.1"]);
    let checks = ada.desk().verify(None).expect("looked");
    assert!(checks.iter().all(|check| check.problem.is_none()), "{checks:?}");
    assert_eq!(
        ada.desk().show(Some("1.0.1")).expect("there").plan.map(|p| p.to_string()),
        Some(plan)
    );
}

#[test]
fn a_plan_that_is_no_longer_true_is_refused() {
    let world = world();
    let (ada, plan) = (world.ada(), hash(&world));
    let bob = world.clone_for("bob");
    bob.land("fix: two");
    let moved = ada.apply(Some(&plan)).expect_err("the branch has moved");
    assert!(matches!(moved, ReleaseError::Moved { .. }), "{moved}");
    ada.catch_up();
    let changed = ada.apply(Some(&plan)).expect_err("the commit is another");
    assert!(matches!(changed, ReleaseError::Changed { .. }), "{changed}");
    let plan = hash(&world);
    bob.git(&["tag", "v1.0.1", "HEAD~1"]);
    bob.git(&["push", "--quiet", "origin", "v1.0.1"]);
    let tagged = ada.apply(Some(&plan)).expect_err("a tag has come");
    assert!(matches!(tagged, ReleaseError::Changed { .. }), "{tagged}");
    assert_eq!(ada.remote_tags(), ["v1.0.0", "v1.0.1"], "nothing was published");
}

#[test]
fn what_is_not_committed_or_not_pushed_is_not_released() {
    let world = world();
    let (ada, plan) = (world.ada(), hash(&world));
    ada.write("VERSION", "9.9.9\n");
    let dirty = ada.apply(Some(&plan)).expect_err("the file has changes");
    assert!(matches!(dirty, ReleaseError::Git(GitError::Changed { .. })), "{dirty}");
    assert_eq!(ada.read("VERSION"), "9.9.9\n");
    ada.git(&["checkout", "--quiet", "VERSION"]);
    ada.commit("fix: not pushed");
    let ahead = ada.apply(None).expect_err("nobody else has this commit");
    assert!(matches!(ahead, ReleaseError::Moved { .. }), "{ahead}");
    assert_eq!(ada.remote_tags(), ["v1.0.0"]);
}

#[test]
fn a_tag_that_differs_from_the_shared_one_stops_everything() {
    let world = world();
    let ada = world.ada();
    ada.git(&["tag", "-f", "v1.0.0", "HEAD"]);
    let differs = ada.apply(None).expect_err("v1.0.0 is elsewhere");
    assert!(matches!(&differs, ReleaseError::TagDiffers { name } if name == "v1.0.0"), "{differs}");
}

#[test]
fn without_version_files_only_a_tag_is_made() {
    let world = World::new("");
    let ada = world.ada();
    let commit = ada.land("feat: two");
    let applied = ada.apply(None).expect("released");
    assert_eq!(released(&applied), "v1.1.0");
    assert_eq!(ada.git(&["rev-parse", "v1.1.0^{commit}"]), commit);
    assert!(ada.git(&["ls-remote", "origin", "refs/heads/main"]).starts_with(&commit));
    let again = ada.apply(None).expect("found");
    assert!(matches!(again, Applied::Already { .. }), "{again:?}");
}

#[test]
fn what_the_images_get_is_said_again_to_whoever_did_not_hear_it() {
    let images = "[[images]]\nrepository = \"ghcr.io/org/app\"\nchannels = [\"latest\"]\n";
    for settings in [images.to_owned(), format!("{SETTINGS}{images}")] {
        let world = World::new(&settings);
        let (ada, bob) = (world.ada(), world.clone_for("bob"));
        let built = ada.land("fix: one");
        bob.catch_up();
        let said = images_of(&ada.apply(None).expect("released"));
        assert_eq!(said, format!("ghcr.io/org/app:sha-{built} -> v1.0.1 latest"));
        assert_eq!(images_of(&bob.apply(None).expect("found")), said, "{settings}");
        ada.land("fix: two");
        ada.apply(None).expect("released");
        let late = images_of(&bob.apply(None).expect("found"));
        assert_eq!(late, format!("ghcr.io/org/app:sha-{built} -> v1.0.1"), "1.0.2 is the latest");
    }
}

/// The one image of a release and its tags.
fn images_of(applied: &Applied) -> String {
    let (Applied::Released { images, .. } | Applied::Already { images, .. }) = applied else {
        panic!("not released: {applied:?}");
    };
    let tags: Vec<&str> = images[0].tags.iter().map(Tag::as_str).collect();
    format!("{} -> {}", images[0].from, tags.join(" "))
}

#[test]
fn a_release_that_was_tampered_with_does_not_verify() {
    let world = world();
    let ada = world.ada();
    ada.apply(None).expect("released");
    ada.git(&["tag", "-f", "v1.0.1", "HEAD~1"]);
    let checks = ada.desk().verify(Some("v1.0.1")).expect("looked");
    let failed = checks.iter().filter(|check| check.problem.is_some()).count();
    assert_eq!(
        failed, 3,
        "the tag is elsewhere, names no plan, and the file disagrees: {checks:?}"
    );
    let none = ada.desk().verify(Some("7.0.0")).expect_err("no such release");
    assert!(matches!(none, ReleaseError::NoRelease(_)), "{none}");
}

#[test]
fn pre_releases_lead_to_the_release() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    let rc = "rc".parse().expect("a label");
    let wanted = pilotage_release::Wanted { plan: None, label: Some(&rc), attempts: 1 };
    for expected in ["v1.1.0-rc.1", "v1.1.0-rc.2"] {
        ada.land("feat: more");
        let applied = ada.desk().apply(&wanted).expect("released");
        assert_eq!(released(&applied), expected);
        assert_eq!(ada.read("VERSION"), format!("{}\n", &expected[1..]));
    }
    ada.land("fix: last");
    assert_eq!(released(&ada.apply(None).expect("released")), "v1.1.0");
}
