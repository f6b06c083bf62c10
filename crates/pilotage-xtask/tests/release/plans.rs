//! What a plan says, and what makes it another plan.

use pilotage_artifact::next::Because;

use crate::world::{SETTINGS, World};

const IMAGES: &str = "files = [\"VERSION\"]\n[[images]]\nrepository = \"ghcr.io/org/app\"\n\
                      channels = [\"latest\", \"major\", \"minor\"]\n";

#[test]
fn says_which_version_and_why_and_everything_that_changes() {
    let world = World::new(IMAGES);
    let ada = world.ada();
    ada.commit("docs: explain");
    let feat = ada.commit("feat: wait");
    let plan = ada.plan();
    assert_eq!(plan.version.as_ref().map(ToString::to_string).as_deref(), Some("1.1.0"));
    assert_eq!(plan.current.as_ref().map(|current| current.tag.as_str()), Some("v1.0.0"));
    let whys: Vec<&str> = plan.changes.iter().map(|change| change.why.as_str()).collect();
    assert_eq!(whys, ["`feat`", "`docs`"]);
    assert_eq!(plan.files[0].path, "VERSION");
    assert_eq!(plan.tag.as_deref(), Some("v1.1.0"));
    let image = &plan.images[0];
    assert_eq!(image.from.to_string(), format!("ghcr.io/org/app:sha-{feat}"));
    let tags: Vec<&str> = image.tags.iter().map(pilotage_artifact::Tag::as_str).collect();
    assert_eq!(tags, ["v1.1.0", "latest", "v1", "v1.1"]);
}

#[test]
fn is_the_same_in_every_clone_and_another_when_anything_moves() {
    let world = World::new(SETTINGS);
    let (ada, bob) = (world.ada(), world.clone_for("bob"));
    ada.land("fix: one");
    bob.catch_up();
    let plan = ada.plan().hash();
    assert_eq!(bob.plan().hash(), plan, "who looks does not matter");
    bob.write("stray", "not committed");
    assert_eq!(bob.plan().hash(), plan, "nor what lies around");
    bob.git(&["tag", "v0.9.0", "HEAD~1"]);
    assert_ne!(bob.plan().hash(), plan, "a tag has come");
    bob.git(&["tag", "-d", "v0.9.0"]);
    bob.write("release.toml", "files = [\"VERSION\"]\nbefore_one = \"as-usual\"\n");
    assert_ne!(bob.plan().hash(), plan, "other settings");
    bob.git(&["checkout", "--quiet", "release.toml"]);
    assert_eq!(bob.plan().hash(), plan);
    bob.commit("docs: more");
    assert_ne!(bob.plan().hash(), plan, "another commit");
}

#[test]
fn where_nothing_changed_there_is_nothing_to_release() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    assert_eq!(ada.plan().because, Because::Nothing);
    ada.commit("docs: explain");
    let plan = ada.plan();
    assert_eq!((plan.version, plan.changes.len()), (None, 1));
}

#[test]
fn the_lines_of_a_monorepo_do_not_see_each_other() {
    let world = World::new("tag_prefix = \"other/v\"\nfiles = [\"VERSION\"]\n");
    let ada = world.ada();
    ada.write("app/package.json", "{\n  \"version\": \"0.3.0\"\n}\n");
    ada.write("app/release.toml", "tag_prefix = \"app/v\"\nfiles = [\"package.json\"]\n");
    ada.commit("feat: an app");
    let desk = pilotage_xtask::release::Desk::open(&ada.path, "app/release.toml").expect("a line");
    let plan = desk.plan(None).expect("a plan");
    assert_eq!((plan.tag.as_deref(), plan.because), (Some("app/v0.3.0"), Because::First));
    assert!(plan.files.is_empty(), "the file says so already");
    ada.git(&["tag", "app/v0.3.0"]);
    ada.commit("feat!: break it");
    let plan = desk.plan(None).expect("a plan");
    assert_eq!(plan.tag.as_deref(), Some("app/v0.4.0"));
    assert_eq!(plan.files[0].path, "app/package.json");
}

#[test]
fn builds_that_are_no_release_name_their_commit() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    let version = || ada.desk().version(None).expect("a version").to_string();
    assert_eq!(version(), "1.0.0", "the release itself");
    let id = ada.commit("fix: one");
    assert_eq!(version(), format!("1.0.1-dev.1.g{}", &id[..12]));
    ada.git(&["checkout", "--quiet", "-b", "feature/Wait"]);
    assert_eq!(version(), format!("0.0.0-branch-feature-wait.1.g{}", &id[..12]));
    ada.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(version(), format!("0.0.0-branch-detached.1.g{}", &id[..12]));
}
