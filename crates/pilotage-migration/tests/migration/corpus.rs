//! No breaking or locking statement of the labelled corpus is missed.

use std::collections::BTreeSet;

use pilotage_migration::rule::{Class, all};

use crate::labels::{Case, cases};

const POSTGRES: &str = include_str!("../../corpus/postgres.sql");
const MYSQL: &str = include_str!("../../corpus/mysql.sql");

const POSTGRES_SERVERS: [&str; 7] = [
    "postgres@12",
    "postgres@13",
    "postgres@14",
    "postgres@15",
    "postgres@16",
    "postgres@17",
    "postgres@18",
];

/// One before and one after every change of what a version can do.
const MYSQL_SERVERS: [&str; 10] = [
    "mysql@5.7.44",
    "mysql@8.0.11",
    "mysql@8.0.15",
    "mysql@8.0.28",
    "mysql@8.0.30",
    "mysql@8.0.36",
    "mysql@8.4.0",
    "mysql@9.1.0",
    "mariadb@10.5.20",
    "mariadb@11.4.2",
];

/// What is found that the label does not name; a person looks once and goes on.
const FALSE_ALARMS: usize = 0;

#[test]
fn nothing_is_missed_in_postgres() {
    assert!(check(POSTGRES, "postgres", &POSTGRES_SERVERS) >= 150);
}

#[test]
fn nothing_is_missed_in_mysql_and_mariadb() {
    assert!(check(MYSQL, "mysql", &MYSQL_SERVERS) >= 100);
}

/// Rules that only files show, and that other tests show.
const NOT_OF_STATEMENTS: [&str; 16] = [
    "bad-annotation",
    "concurrently-with-others",
    "contract-in-expand",
    "contract-too-early",
    "contract-without-since",
    "expand-in-contract",
    "file-too-large",
    "not-utf8",
    "nothing-inside",
    "phases-disagree",
    "same-version-twice",
    "schema-in-data",
    "several-strong-locks",
    "too-large",
    "unended",
    "unused-annotation",
];

#[test]
fn every_rule_is_shown_by_a_case() {
    let of_corpus = |corpus, engine, servers: &[&str]| -> BTreeSet<&'static str> {
        let shown = |case: &Case| {
            let server = servers.iter().find(|server| case.holds_for(server)).expect("one fits");
            crate::found(server, "V1__case.sql", &case.sql)
        };
        cases(corpus, engine).iter().flat_map(shown).collect()
    };
    let mut shown = of_corpus(POSTGRES, "postgres", &POSTGRES_SERVERS);
    shown.extend(of_corpus(MYSQL, "mysql", &MYSQL_SERVERS));
    shown.extend(NOT_OF_STATEMENTS);
    let silent: Vec<&str> = all().map(|rule| rule.id).filter(|id| !shown.contains(id)).collect();
    assert!(silent.is_empty(), "no case shows {silent:?}");
}

/// Checks all cases on all servers, prints the sum, and returns the number of cases.
fn check(corpus: &str, engine: &str, servers: &[&str]) -> usize {
    let cases = cases(corpus, engine);
    let (mut missed, mut false_alarms, mut looked) = (Vec::new(), Vec::new(), 0);
    for case in &cases {
        let servers: Vec<&&str> = servers.iter().filter(|server| case.holds_for(server)).collect();
        assert!(!servers.is_empty(), "line {}: no server fits", case.line);
        for server in servers {
            looked += 1;
            let found = classes(server, case);
            let report = |what: BTreeSet<Class>| {
                let first = case.sql.lines().last().unwrap_or_default();
                format!("line {}, {server}: {what:?}: {first}", case.line)
            };
            let missing = |class: &Class| !found.contains(class);
            let lost: BTreeSet<Class> = case.classes.iter().copied().filter(missing).collect();
            if !lost.is_empty() {
                missed.push(report(lost));
            }
            let stops = |class: &Class| *class != Class::Care && !case.classes.contains(class);
            let extra: BTreeSet<Class> = found.iter().copied().filter(stops).collect();
            if !extra.is_empty() {
                false_alarms.push(report(extra));
            }
        }
    }
    println!(
        "{engine}: {} cases, {looked} readings, {} missed, {} false alarms",
        cases.len(),
        missed.len(),
        false_alarms.len()
    );
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
    assert_eq!(false_alarms.len(), FALSE_ALARMS, "alarms:\n{}", false_alarms.join("\n"));
    cases.len()
}

/// What is found about the last statement of a case.
fn classes(server: &str, case: &Case) -> BTreeSet<Class> {
    let file = crate::file(server, "V1__case.sql", &case.sql);
    let last = file.statements.last().map(|statement| statement.start);
    let of_last = file.findings.iter().filter(|finding| Some(finding.start) >= last);
    // The file says once more that it holds a contract statement; the statement said so itself.
    let of_statement = of_last.filter(|finding| {
        !["contract-in-expand", "concurrently-with-others"].contains(&finding.rule.id)
    });
    of_statement.map(|finding| finding.rule.class).collect()
}
