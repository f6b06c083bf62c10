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

#[test]
fn what_squawk_warns_of_is_found_too() {
    let (mut alone, mut together) = (BTreeSet::new(), 0);
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
                alone.insert(format!("{rule}: {}", case.sql));
            }
        }
    }
    println!("squawk and we agree {together} times; it is alone {} times", alone.len());
    assert!(together > 60, "the peer was not asked");
    assert!(alone.is_empty(), "{alone:#?}");
}
