//! How reports look.

use pilotage_migration::lint::{Linter, Report};
use pilotage_migration::render::{json, sarif, text};
use pilotage_migration::set::Content;

use crate::options;

fn report() -> Report {
    let mut linter = Linter::new(options("postgres@16"));
    let files = [
        ("db/V1__a b.sql", "-- first\nALTER TABLE ä DROP COLUMN b;\n"),
        ("db/V2__b.sql", "CREATE INDEX i\n  ON a (b);\n"),
    ];
    for (name, content) in files {
        linter.file(name, &Content::Whole(content.as_bytes().to_vec()));
    }
    linter.finish()
}

#[test]
fn text_shows_the_line_and_marks_the_place() {
    insta::assert_snapshot!(text(&report(), false));
}

#[test]
fn text_steers_no_terminal() {
    let mut linter = Linter::new(options("postgres@16"));
    linter.file("V1__\u{1b}[2J.sql", &Content::Whole(b"DROP TABLE a\x1b[31m;".to_vec()));
    assert!(!text(&linter.finish(), false).contains('\u{1b}'));
}

#[test]
fn json_says_everything_a_runner_needs() {
    let value = json(&report());
    let mut file = value["files"][1].clone();
    file["digest"] = "[digest]".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&file).expect("JSON"));
    assert_eq!((&value["version"], &value["errors"]), (&1.into(), &3.into()));
}

/// The rules of the schema that viewers rely on.
#[test]
fn sarif_has_the_form_that_viewers_rely_on() {
    let log = sarif(&report());
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(run["tool"]["driver"]["name"].is_string());
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("it is small")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
        assert!(!uri.contains(' ') && !uri.starts_with('/'), "{uri}");
        for key in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][key].as_u64().expect(key) >= 1);
        }
    }
}
