//! The command line, from arguments to exit code.

use serde_json::Value;

use crate::place::Place;

fn folder(files: &[(&str, &str)]) -> Place {
    let place = Place::new();
    for (name, text) in files {
        place.write(name, text);
    }
    place
}

fn run(place: &Place, args: &[&str]) -> crate::place::Left {
    place.run(args)
}

const GOOD: (&str, &str) = ("V1__good.sql", "CREATE TABLE a (id bigint PRIMARY KEY);\n");
const BAD: (&str, &str) = ("V2__bad.sql", "ALTER TABLE a\n  DROP COLUMN b;\n");

#[test]
fn a_clean_set_is_0_and_a_refused_one_is_6() {
    let clean = folder(&[GOOD]);
    let left = run(&clean, &["lint", "--server", "postgres@16", "."]);
    assert_eq!(left.code, Some(0), "{}", left.err);
    assert!(left.out.contains("0 errors"), "{}", left.out);
    let refused = folder(&[GOOD, BAD]);
    let left = run(&refused, &["lint", "--server", "postgres@16", "."]);
    assert_eq!(left.code, Some(6), "{}", left.err);
    assert!(
        left.out.contains("error[drop-column]") && left.out.contains("V2__bad.sql:2:3"),
        "{}",
        left.out
    );
    assert!(left.err.is_empty(), "{}", left.err);
    let left = run(&refused, &["lint", "-s", "postgres@16", "--fail-on", "never", "."]);
    assert_eq!(left.code, Some(0));
}

#[test]
fn what_is_applied_already_is_left_out_and_the_rest_belongs_together() {
    let index = ("V3__index.sql", "CREATE INDEX i ON c (id);\n");
    let table = ("V2__table.sql", "CREATE TABLE c (id int);\n");
    let set = folder(&[("V1__bad.sql", BAD.1), table, index]);
    let all = run(&set, &["lint", "-s", "postgres@16", "."]);
    assert!(
        all.out.contains("drop-column") && all.out.contains("create-index-blocks"),
        "{}",
        all.out
    );
    let rest = run(&set, &["lint", "-s", "postgres@16", "--after", "V1__bad.sql", "."]);
    assert_eq!(rest.code, Some(0), "{}", rest.out);
    let wrong = run(&set, &["lint", "-s", "postgres@16", "--after", "V9__x.sql", "."]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("V9__x.sql") && wrong.err.contains("help"), "{}", wrong.err);
}

#[test]
fn contract_files_are_decided_by_what_runs() {
    let text = "-- pilotage: phase contract since 2.4.0 because nothing reads it any more\nDROP TABLE a;\n";
    let set = folder(&[("V1__drop.sql", text)]);
    let lint = |oldest: &str| {
        run(&set, &["lint", "-s", "postgres@16", "--oldest-running", oldest, "."]).code
    };
    assert_eq!([lint("2.3.9"), lint("v2.4.0"), lint("none")], [Some(6), Some(0), Some(0)]);
    assert_eq!(lint("new"), Some(2));
}

#[test]
fn machines_get_json_sarif_and_annotations() {
    let set = folder(&[BAD]);
    let written = |format: &str| {
        run(&set, &["lint", "-s", "mysql@8.0.36", "--format", format, "V2__bad.sql"])
    };
    let json: Value = serde_json::from_str(&written("json").out).expect("JSON");
    assert_eq!(json["files"][0]["findings"][0]["rule"], "drop-column");
    let sarif: Value = serde_json::from_str(&written("sarif").out).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "drop-column");
    let github = written("github").out;
    assert!(
        github.contains("::error file=V2__bad.sql,line=2,col=3,endLine=2,title=drop-column::"),
        "{github}"
    );
    let azure = written("azure").out;
    assert!(
        azure.contains(
            "##vso[task.logissue type=error;sourcepath=V2__bad.sql;linenumber=2;columnnumber=3]"
        ),
        "{azure}"
    );
}

#[test]
fn wrong_usage_is_2_and_says_what_is_right() {
    let set = folder(&[GOOD]);
    let left = run(&set, &["lint", "--server", "oracle@19", "."]);
    assert_eq!(left.code, Some(2));
    assert!(left.err.contains("postgres@12"), "{}", left.err);
    let missing = run(&set, &["lint", "-s", "postgres@16", "nowhere"]);
    assert_eq!(missing.code, Some(2), "{}", missing.err);
    assert!(missing.err.contains("nowhere") && missing.out.is_empty(), "{}", missing.err);
}
