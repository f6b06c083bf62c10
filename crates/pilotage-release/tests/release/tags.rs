//! Which tags a build gets, and what becomes of them.

use pilotage_artifact::next::Build;
use pilotage_release::{ImageTagging, Tagged, Tagging};

use crate::world::{Clone, World};

const SETTINGS: &str = "files = [\"VERSION\"]\ncommits = \"patch\"\n\
                        [[images]]\nrepository = \"ghcr.io/org/app\"\n\
                        channels = [\"latest\", \"stable\", \"major\", \"minor\"]\n";

fn tagging(clone: &Clone, build: Option<Build>) -> Tagging {
    clone.desk().tagging(build).expect("an answer")
}

fn lines(tags: &[Tagged]) -> Vec<String> {
    tags.iter().map(|one| format!("{} {}: {}", one.tag, one.lasting.word(), one.why)).collect()
}

fn only(tagging: &Tagging) -> &ImageTagging {
    assert_eq!(tagging.images.len(), 1, "{tagging:?}");
    &tagging.images[0]
}

#[test]
fn a_build_of_the_trunk_says_what_a_release_of_it_gets() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    let id = ada.commit("any words at all");
    let tagging = tagging(&ada, None);
    assert_eq!(tagging.release.as_ref().map(ToString::to_string).as_deref(), Some("1.0.1"));
    let image = only(&tagging);
    assert_eq!(
        lines(&image.build),
        [
            format!("sha-{id} immutable: names the commit"),
            format!("v1.0.1-dev.1.g{} immutable: names this build of the trunk", &id[..12]),
        ]
    );
    assert_eq!(
        lines(&image.release),
        [
            "v1.0.1 immutable: names the release",
            "latest moves: nothing newer of it was released",
            "stable moves: nothing newer of it was released",
            "v1 moves: nothing newer of it was released",
            "v1.0 moves: nothing newer of it was released",
        ]
    );
}

#[test]
fn a_release_of_an_old_line_leaves_the_wider_channels_where_they_are() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    ada.commit("more");
    ada.git(&["tag", "v1.2.0"]);
    ada.git(&["checkout", "--quiet", "-b", "old", "v1.0.0"]);
    ada.commit("a fix of old");
    ada.git(&["tag", "v1.0.1"]);
    let tagging = tagging(&ada, None);
    assert_eq!((tagging.version.to_string().as_str(), &tagging.release), ("1.0.1", &None));
    assert_eq!(
        lines(&only(&tagging).build)[1..],
        [
            "v1.0.1 immutable: names the release",
            "latest stays: 1.2.0 is newer",
            "stable stays: 1.2.0 is newer",
            "v1 stays: 1.2.0 is newer",
            "v1.0 moves: nothing newer of it was released",
        ]
    );
}

#[test]
fn builds_of_branches_and_pull_requests_move_nothing() {
    let world = World::new(SETTINGS);
    let ada = world.ada();
    let id = ada.commit("any words at all");
    let short = &id[..12];
    for (build, version, why) in [
        (Build::PullRequest(12), format!("v0.0.0-pr.12.g{short}"), "pull request 12"),
        (Build::Branch("a/b".into()), format!("v0.0.0-branch-a-b.1.g{short}"), "the branch `a/b`"),
    ] {
        let tagging = tagging(&ada, Some(build));
        let image = only(&tagging);
        let wanted = format!("{version} immutable: names this build of {why}");
        assert_eq!(lines(&image.build), [format!("sha-{id} immutable: names the commit"), wanted]);
        assert_eq!((&tagging.release, image.release.len()), (&None, 0));
    }
}

#[test]
fn a_build_is_tagged_also_where_nobody_can_say_the_next_release() {
    let world = World::new("files = [\"VERSION\"]\n");
    let ada = world.ada();
    ada.commit("no type at all");
    let tagging = tagging(&ada, None);
    assert_eq!(tagging.release, None);
    assert!(tagging.notes[0].contains("no type at all"), "{tagging:?}");
    assert_eq!((only(&tagging).build.len(), &only(&tagging).repository), (2, &None));
}
