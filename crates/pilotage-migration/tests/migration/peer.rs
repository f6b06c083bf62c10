//! A second opinion: what `squawk` warns of by default, these rules stop as well.

use std::collections::BTreeSet;

use pilotage_migration::lint::Severity;
use squawk_linter::{Linter, Rule};
use squawk_syntax::SourceFile;

use crate::labels::cases;

/// Rules of the peer that are about style, or about what the runner does itself.
const OF_NO_CONCERN: &[Rule] = &[
    Rule::PreferBigintOverInt,
    Rule::PreferBigintOverSmallint,
    Rule::PreferIdentity,
    Rule::PreferTextField,
    Rule::PreferTimestampTz,
    Rule::PreferRobustStmts,
    Rule::BanCharField,
    Rule::IdentifierTooLong,
    Rule::RequireLockTimeout,
    Rule::RequireStatementTimeout,
    Rule::RequireTimeoutSettings,
    Rule::BanUncommittedTransaction,
    Rule::TransactionNesting,
    Rule::UnusedIgnore,
    // A domain with a check is harmless until a table uses it, and that is found.
    Rule::BanCreateDomainWithConstraint,
    // The order of a value changes nothing that exists.
    Rule::RequireEnumValueOrdering,
];

/// Where it warns and we do not, looked at one by one: four times the table is new in the same file,
/// and once a steady function has arguments (PostgreSQL 15 does not rewrite the table).
const KNOWN: [&str; 5] = [
    "adding-field-with-default: ALTER TABLE a ADD COLUMN b date DEFAULT date_trunc('month', now())::date;",
    "adding-field-with-default: ALTER TABLE a ADD COLUMN b uuid DEFAULT gen_random_uuid();",
    "ban-drop-column: ALTER TABLE a DROP COLUMN b;",
    "ban-drop-table: DROP TABLE tmp;",
    "require-concurrent-index-creation: CREATE UNIQUE INDEX a_b_idx ON a (b);",
];

#[test]
fn what_squawk_warns_of_is_found_too() {
    let (mut alone, mut together) = (BTreeSet::<String>::new(), 0);
    for case in cases(include_str!("../../corpus/postgres.sql"), "postgres") {
        if !case.holds_for("postgres@16") {
            continue;
        }
        // A linter remembers places in the text before, so each text has its own.
        let mut linter = Linter::with_rules(&[], OF_NO_CONCERN);
        let theirs = linter.lint(&SourceFile::parse(&case.sql), &case.sql);
        let ours = crate::file("postgres@16", "V1__case.sql", &case.sql);
        let warned = ours.findings.iter().any(|finding| finding.severity >= Severity::Warning);
        for violation in theirs {
            let rule = violation.code.to_string();
            if warned {
                together += 1;
            } else {
                let last = case.sql.lines().last().unwrap_or_default();
                alone.insert(format!("{rule}: {last}"));
            }
        }
    }
    println!("squawk and we agree {together} times; it is alone {} times", alone.len());
    assert!(together > 60, "the peer was not asked");
    assert_eq!(alone, KNOWN.into_iter().map(str::to_owned).collect());
}
