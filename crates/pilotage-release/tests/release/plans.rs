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
    let desk = pilotage_release::Desk::open(&ada.path, "app/release.toml").expect("a line");
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

#[test]
fn a_line_of_a_monorepo_counts_what_changes_below_its_paths() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    ada.write("api/release.toml", "tag_prefix = \"api/v\"\npaths = [\"api\", \"shared/types\"]\n");
    ada.write("api/main", "1");
    ada.commit("feat: an interface");
    ada.git(&["tag", "api/v0.3.0"]);
    let plan = || {
        let desk = pilotage_release::Desk::open(&ada.path, "api/release.toml").expect("a line");
        desk.plan(None).expect("a plan")
    };
    ada.write("web/main", "1");
    ada.commit("feat!: another line");
    ada.commit("fix: nothing at all");
    assert_eq!((plan().version, plan().changes.len()), (None, 0));
    ada.git(&["checkout", "--quiet", "-b", "side"]);
    ada.write("shared/types/a", "1");
    ada.commit("fix: a type");
    ada.git(&["checkout", "--quiet", "main"]);
    ada.write("web/main", "2");
    ada.commit("feat: web");
    ada.git(&["merge", "--quiet", "--no-ff", "-m", "merge side", "side"]);
    let subjects: Vec<String> = plan().changes.iter().map(|one| one.subject.clone()).collect();
    assert_eq!(subjects, ["fix: a type"], "neither the merge nor the other line");
    assert_eq!(plan().tag.as_deref(), Some("api/v0.3.1"));
}

#[test]
fn paths_in_a_treeless_clone_are_refused_with_the_way_out() {
    let world = World::new("paths = [\"api\"]\nfiles = [\"VERSION\"]\n");
    let ada = world.ada();
    ada.write("api/main", "1");
    ada.land("feat: an interface");
    ada.land("fix: the tip");
    let treeless = world.treeless("bare");
    let error = treeless.desk().plan(None).expect_err("its folders are not there").to_string();
    assert!(error.contains("filter: blob:none"), "{error}");
}
