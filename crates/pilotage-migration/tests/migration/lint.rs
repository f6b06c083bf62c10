//! What only the whole file, or the whole set, shows.

use pilotage_migration::gate::Running;
use pilotage_migration::lint::{FailOn, Linter, Options, Outcome, Severity};
use pilotage_migration::set::{Content, Phase};
use semver::Version;

use crate::{file, found, lint, options};

const PG: &str = "postgres@16";
const WHY: &str = "because nothing has read it since spring";

#[test]
fn an_expand_file_is_refused_by_the_names_of_its_contract_statements() {
    let file = file(PG, "V1__a.sql", "ALTER TABLE a DROP COLUMN b, RENAME TO c;");
    let refusal = file.findings.iter().find(|finding| finding.rule.id == "contract-in-expand");
    let message = &refusal.expect("it is refused").message;
    assert!(message.ends_with("drop-column, rename-table"), "{message}");
}

#[test]
fn a_contract_file_may_remove_and_must_say_since_when() {
    let drop = "ALTER TABLE a DROP COLUMN b;";
    let without = file(PG, "contract/V1__a.sql", drop);
    let ids: Vec<_> = without.findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(ids, ["contract-without-since", "drop-column"]);
    let with = file(
        PG,
        "contract/V1__a.sql",
        &format!("-- pilotage: phase contract since 2.4.0 {WHY}\n{drop}"),
    );
    assert_eq!(with.phase, Phase::Contract);
    let severities: Vec<_> = with.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Note]);
}

#[test]
fn a_contract_file_waits_for_the_oldest_running_version() {
    let text = format!("-- pilotage: phase contract since 2.4.0 {WHY}\nDROP TABLE a;");
    let outcome = |running| {
        let mut linter = Linter::new(Options { running: Some(running), ..options(PG) });
        linter.file("V1__a.sql", &Content::Whole(text.clone().into_bytes()));
        linter.finish().outcome(FailOn::Error)
    };
    assert_eq!(outcome(Running::Oldest(Version::new(2, 4, 0))), Outcome::Clean);
    assert_eq!(outcome(Running::Oldest(Version::new(2, 3, 9))), Outcome::Refused);
    assert_eq!(outcome(Running::Unknown { reason: "no answer".into() }), Outcome::Refused);
}

#[test]
fn a_data_file_changes_rows_only() {
    assert_eq!(found(PG, "data/V1__a.sql", "CREATE TABLE a (id int);"), ["schema-in-data"]);
    assert_eq!(found(PG, "V1__a_data.sql", "UPDATE a SET b = 1 WHERE id < 9;"), [""; 0]);
}

#[test]
fn a_contract_file_should_not_add() {
    let text = format!("-- pilotage: phase contract since 2.4.0 {WHY}\nCREATE TABLE a (id int);");
    assert_eq!(found(PG, "V1__a.sql", &text), ["expand-in-contract"]);
}

#[test]
fn names_and_annotations_must_agree() {
    let text = format!("-- pilotage: phase expand {WHY}\nCREATE TABLE a (id int);");
    assert_eq!(found(PG, "contract/V1__a.sql", &text), ["phases-disagree"]);
    assert_eq!(found(PG, "expand/V1__a.sql", &text), [""; 0]);
}

#[test]
fn a_person_may_allow_a_finding_with_a_reason_for_one_statement() {
    let allow = format!("-- pilotage: allow drop-column {WHY}\n");
    let drop = "ALTER TABLE a DROP COLUMN b;\n";
    let once = file(PG, "V1__a.sql", &format!("{allow}{drop}"));
    assert!(once.findings.is_empty(), "{:?}", once.findings);
    assert_eq!(once.allowed.len(), 1);
    assert!(once.allowed[0].reason.starts_with("nothing has read it"));
    assert!(found(PG, "V1__a.sql", &format!("{allow}{drop}{drop}")).contains(&"drop-column"));
}

#[test]
fn who_allows_broken_syntax_has_not_allowed_what_stands_behind_it() {
    let text = format!("-- pilotage: allow syntax {WHY}\nALTER TABLE a DROP COLUMN b FROBNICATE;");
    assert_eq!(found(PG, "V1__a.sql", &text), ["drop-column", "contract-in-expand"]);
}

#[test]
fn annotations_that_do_nothing_or_are_wrong_are_found() {
    let create = "CREATE TABLE a (id int);\n";
    for (text, rule) in [
        (format!("-- pilotage: allow drop-column {WHY}\n{create}"), "unused-annotation"),
        (format!("{create}-- pilotage: allow drop-column {WHY}\n"), "unused-annotation"),
        (format!("-- pilotage: allow drop-colum {WHY}\n{create}"), "bad-annotation"),
        (
            format!("CREATE TABLE a ( -- pilotage: allow drop-column {WHY}\nid int);"),
            "bad-annotation",
        ),
        (format!("{create}-- pilotage: phase data {WHY}\nSELECT 1;"), "bad-annotation"),
    ] {
        assert_eq!(found(PG, "V1__a.sql", &text), [rule], "{text}");
    }
}

#[test]
fn what_an_applied_file_created_is_not_new() {
    let files =
        [("V1__a.sql", "CREATE TABLE a (id int);"), ("V2__b.sql", "CREATE INDEX i ON a (id);")];
    let apart = lint(PG, &files);
    assert_eq!(apart[1].findings[0].rule.id, "create-index-blocks");
    let mut together = Linter::new(Options { applied_together: true, ..options(PG) });
    for (name, text) in files {
        together.file(name, &Content::Whole(text.as_bytes().to_vec()));
    }
    assert_eq!(together.finish().outcome(FailOn::Warning), Outcome::Clean);
}

#[test]
fn a_check_that_an_earlier_file_proved_spares_the_scan() {
    let files = [
        ("V1__a.sql", "ALTER TABLE a ADD CONSTRAINT s CHECK (b IS NOT NULL) NOT VALID;"),
        ("V2__b.sql", "ALTER TABLE a VALIDATE CONSTRAINT s;"),
        ("V3__c_contract.sql", "ALTER TABLE a ALTER b SET NOT NULL;"),
    ];
    let reports = lint(PG, &files);
    assert!(reports[1].findings.is_empty(), "{:?}", reports[1].findings);
    assert!(reports[2].findings.iter().all(|finding| finding.rule.id != "set-not-null-scans"));
    let last = lint(PG, &files[2..]);
    assert!(last[0].findings.iter().any(|finding| finding.rule.id == "set-not-null-scans"));
}

#[test]
fn what_must_not_run_in_a_transaction_stands_alone() {
    let index = "CREATE INDEX CONCURRENTLY i ON a (b);\n";
    assert_eq!(found(PG, "V1__a.sql", index), [""; 0]);
    assert_eq!(
        found(PG, "V1__a.sql", &format!("{index}UPDATE a SET b = 1 WHERE id = 1;")),
        ["concurrently-with-others"]
    );
    let inside = found(PG, "V1__a.sql", &format!("BEGIN;\n{index}COMMIT;"));
    assert_eq!(
        inside,
        ["transaction-control", "concurrently-in-transaction", "transaction-control"]
    );
}

#[test]
fn strong_locks_on_two_tables_are_warned_of_once() {
    let add = |table: &str| format!("ALTER TABLE {table} ADD COLUMN x int;\n");
    assert_eq!(found(PG, "V1__a.sql", &[add("a"), add("a")].concat()), [""; 0]);
    let three = found(PG, "V1__a.sql", &[add("a"), add("b"), add("c")].concat());
    assert_eq!(three, ["several-strong-locks"]);
}

#[test]
fn the_runner_learns_timeouts_and_transactions() {
    let file = file(
        PG,
        "V1__a.sql",
        "CREATE INDEX CONCURRENTLY i ON a (b); ALTER TABLE a ADD COLUMN c int;",
    );
    let [index, column] = file.statements.as_slice() else { panic!("two statements") };
    assert_eq!(index.effect.transaction.name(), "must-not");
    assert_eq!(index.effect.budget().lock_timeout, None);
    assert_eq!(column.effect.transaction.name(), "may");
    assert_eq!(column.effect.budget().lock_timeout.map(|limit| limit.as_secs()), Some(2));
}
