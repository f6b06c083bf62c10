//! Versions and tags, from a repository as a team has it: a `VERSION` file, one commit after another.

use crate::place::Place;

const SETTINGS: &str = "commits = \"patch\"\nfiles = [\"VERSION\"]\n\
                        [[images]]\nrepository = \"ghcr.io/shop/web\"\nchannels = [\"latest\"]\n";

/// A repository at 1.4.2 with one commit since; and that commit.
fn repository() -> (Place, String) {
    let place = Place::empty();
    place.git(&["init", "--quiet", "-b", "main", "."]);
    place.write("VERSION", "1.4.2\n");
    place.write("release.toml", SETTINGS);
    place.commit("Begin");
    place.git(&["tag", "v1.4.2"]);
    place.write("web", "1");
    let commit = place.commit("Show prices");
    (place, commit)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("one object")
}

#[test]
fn the_next_version_is_said_with_its_reason() {
    let (place, commit) = repository();
    let said = place.expect("version", 0).out;
    assert!(said.contains("1.4.2 -> 1.4.3: the largest change is `patch`"), "{said}");
    assert!(said.contains("Show prices  (each release is a patch)"), "{said}");
    let said = json(&place.expect("version --json", 0).out);
    assert_eq!(said["next"]["version"], "1.4.3");
    assert_eq!(said["build"], format!("1.4.3-dev.1.g{}", &commit[..12]));
    assert_eq!(
        json(&place.expect("version --pre rc --json", 0).out)["next"]["version"],
        "1.4.3-rc.1"
    );
}

#[test]
fn every_tag_is_listed_with_what_becomes_of_it() {
    let (place, commit) = repository();
    let said = place.expect("tags", 0).out;
    let short = &commit[..12];
    for line in [
        format!("  immutable  ghcr.io/shop/web:sha-{commit}  (names the commit)"),
        format!(
            "  immutable  ghcr.io/shop/web:v1.4.3-dev.1.g{short}  (names this build of the trunk)"
        ),
        "  immutable  ghcr.io/shop/web:v1.4.3  (names the release)".into(),
        "  moves      ghcr.io/shop/web:latest  (nothing newer of it was released)".into(),
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in {said}");
    }
}

#[test]
fn a_pull_request_in_ci_hands_on_its_tags_and_no_release() {
    let (place, commit) = repository();
    place.git(&["checkout", "--quiet", "--detach"]);
    let short = &commit[..12];
    let output = place.path().join("output").display().to_string();
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REF", "refs/pull/12/merge"),
        ("GITHUB_OUTPUT", output.as_str()),
    ];
    place.expect_with(&github, "tags", 0);
    place.expect_with(&github, "version", 0);
    let told = place.read("output");
    let tag = format!("ghcr.io/shop/web:v0.0.0-pr.12.g{short}\n");
    assert!(told.contains(&tag) && told.contains("release-tags<<"), "{told}");
    assert!(
        told.contains(&format!("\n0.0.0-pr.12.g{short}\n")) && !told.contains("1.4.3"),
        "{told}"
    );
    let azure = [("TF_BUILD", "True"), ("BUILD_SOURCEBRANCH", "refs/heads/main")];
    let told = place.expect_with(&azure, "version --json", 0);
    assert!(told.err.contains("variable=version;isOutput=true]1.4.3"), "{told:?}");
    assert_eq!(json(&told.out)["next"]["version"], "1.4.3", "data stays data");
}

#[test]
fn what_history_does_not_say_is_refused_with_the_way_out() {
    let (place, _) = repository();
    place.write("release.toml", "files = [\"VERSION\"]\n");
    let refused = place.expect("version", 6);
    assert!(refused.err.contains("Release-As"), "{refused:?}");
    place.expect("version --branch feature", 0);
    let missing = place.expect("tags --config other.toml", 2);
    assert!(missing.err.contains("there is no `./other.toml`"), "{missing:?}");
    let whole = format!("file://{}", place.path().display());
    place.git(&["clone", "--quiet", "--depth", "1", &whole, "shallow"]);
    place.write("shallow/release.toml", SETTINGS);
    let shallow = place.expect("version --config shallow/release.toml", 6);
    assert!(shallow.err.contains("fetch-depth: 0"), "{shallow:?}");
}
