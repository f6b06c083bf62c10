//! One version in, another out, and not a byte more.

use super::*;

fn file(path: &str, text: &str, lock: Option<&str>) -> VersionFile {
    let lock = lock.map(|text| (lock_of(path).expect("it has one"), text.to_owned()));
    VersionFile { path: path.into(), text: text.into(), lock }
}

fn edited(file: &VersionFile, to: &str) -> Vec<(String, String)> {
    let edits = file.edits(&to.parse().expect("a version")).expect("edited");
    edits.into_iter().map(|edit| (edit.path, edit.content)).collect()
}

#[test]
fn a_plain_file_keeps_its_line_ends_and_its_letter() {
    assert_eq!(edited(&file("VERSION", "1.4.2\r\n", None), "1.4.3")[0].1, "1.4.3\r\n");
    assert_eq!(edited(&file("a/version.txt", " v1.4.2", None), "2.0.0-rc.1")[0].1, " v2.0.0-rc.1");
    assert_eq!(edited(&file("VERSION", "1.4.2\n", None), "1.4.2"), [], "nothing to do");
    let nothing = file("VERSION", "soon\n", None).version();
    assert!(matches!(nothing, Err(FileError::Invalid { .. })), "{nothing:?}");
}

#[test]
fn a_workspace_manifest_keeps_its_comments_and_moves_its_own_crates_along() {
    let text = "[workspace.package]\nversion = \"0.1.0\" # shared\n\n[workspace.dependencies]\n\
                a = { path = \"a\", version = \"0.1.0\" }\nb = { version = \"=0.1.0\",  path = \"b\" }\n\
                c = \"0.1.0\"\nd = { path = \"d\", version = \"0.2\" }\n\n[workspace.dependencies.e]\n\
                path = \"e\"\nversion = \"^0.1.0\"\n";
    let expected = text
        .replace("version = \"0.1.0\" # shared", "version = \"0.1.1\" # shared")
        .replace("\"a\", version = \"0.1.0\"", "\"a\", version = \"0.1.1\"")
        .replace("\"=0.1.0\"", "\"=0.1.1\"")
        .replace("\"^0.1.0\"", "\"^0.1.1\"");
    assert_eq!(edited(&file("Cargo.toml", text, None), "0.1.1")[0].1, expected);
}

#[test]
fn a_lock_file_moves_what_has_no_source() {
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n";
    let lock = "# made by cargo\nversion = 4\n\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n\
                dependencies = [\n \"semver\",\n]\n\n[[package]]\nname = \"semver\"\nversion = \"1.0.0\"\n\
                source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let edits = edited(&file("x/Cargo.toml", manifest, Some(lock)), "1.1.0");
    assert_eq!(edits[0], ("x/Cargo.toml".into(), manifest.replace("1.0.0", "1.1.0")));
    assert_eq!(edits[1], ("x/Cargo.lock".into(), lock.replacen("1.0.0", "1.1.0", 1)));
}

#[test]
fn a_package_keeps_its_indentation_and_the_versions_of_others() {
    let text = "{\n\t\"name\": \"app\",\n\t\"engines\": { \"version\": \"1.0.0\" },\n\
                \t\"tricky\\\"\": [\"version\", \"}\"],\n\t\"version\" : \"1.0.0\",\n\t\"x\": -1.5e3\n}\n";
    let expected = text.replace("\"version\" : \"1.0.0\"", "\"version\" : \"1.1.0\"");
    let lock = "{\"version\":\"1.0.0\",\"lockfileVersion\":3,\"packages\":{\"\":{\"version\":\"1.0.0\"},\
                \"node_modules/a\":{\"version\":\"1.0.0\"}}}";
    let edits = edited(&file("package.json", text, Some(lock)), "1.1.0");
    assert_eq!(edits[0].1, expected);
    assert_eq!(edits[1], ("package-lock.json".into(), lock.replacen("1.0.0", "1.1.0", 2)));
}

#[test]
fn a_file_without_a_version_is_an_error_with_the_place() {
    for (path, text) in [
        ("Cargo.toml", "[package]\nversion.workspace = true\n"),
        ("package.json", "{\"engines\": {\"version\": \"1.0.0\"}}"),
    ] {
        let error = file(path, text, None).version();
        assert!(matches!(error, Err(FileError::NoVersion { .. })), "{error:?}");
    }
    for (path, text) in [("Cargo.toml", "[package"), ("package.json", "{\"version\": \"1.0.0\"")] {
        let error = file(path, text, None).version();
        assert!(matches!(error, Err(FileError::Malformed { .. })), "{error:?}");
    }
}

#[test]
fn text_that_is_nested_without_end_is_left_alone() {
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let error = file("package.json", &deep, None).version();
    assert!(error.is_err(), "{error:?}");
}
