//! Clauses of `ALTER TABLE` about indexes, keys and constraints, and `CREATE INDEX`.

use crate::rule::catalogue as rules;
use crate::sql::Cursor;

use super::alter_table::Clause;
use super::online::Way;

const KINDS: &[&str] = &[
    "INDEX",
    "KEY",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "VECTOR",
    "PRIMARY KEY",
    "FOREIGN KEY",
    "CHECK",
    "CONSTRAINT",
];

/// Whether a key or a constraint follows `ADD` or `DROP`, and not a column.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    KINDS.iter().any(|kind| cursor.is(kind))
}

/// Reads what follows `ADD`.
pub(super) fn add(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    if cursor.eat("CONSTRAINT") && !begins(cursor) {
        cursor.eat("IF NOT EXISTS");
        let name = cursor.name();
        clause.is_about("constraint", name);
    }
    match cursor.eat_any(KINDS) {
        Some("INDEX" | "KEY") => clause.goes(Way::Build),
        Some("UNIQUE") => {
            clause.found(rules::UNIQUE_KEY);
            clause.goes(Way::Build);
        }
        Some("FULLTEXT" | "SPATIAL" | "VECTOR") => clause.goes(Way::BlockingBuild),
        Some("PRIMARY KEY") => {
            clause.found(rules::PRIMARY_KEY_CHANGE);
            clause.goes(Way::Rebuild);
        }
        Some("FOREIGN KEY") => foreign_key(clause),
        Some("CHECK") => check(cursor, clause),
        _ => clause.found(rules::UNKNOWN_STATEMENT),
    }
}

/// A foreign key is proven by a copy, unless checks are off, which only the session knows.
fn foreign_key(clause: &mut Clause<'_, '_>) {
    clause.found(rules::NEW_CONSTRAINT);
    let before = clause.reading.findings.len();
    clause.goes(Way::Unknown);
    let copies = clause.reading.findings.get_mut(before..).unwrap_or_default();
    for finding in copies.iter_mut().filter(|finding| finding.rule == rules::MAY_COPY) {
        finding.rule = rules::FOREIGN_KEY_COPIES;
    }
}

fn check(cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    // Before 8.0.16 MySQL reads a check and ignores it.
    if clause.is_mysql_before(8, 0, 16) || cursor.has("NOT ENFORCED") {
        return clause.goes(Way::Metadata);
    }
    clause.found(rules::NEW_CONSTRAINT);
    clause.goes(Way::Copy);
}

/// Reads what follows `DROP`.
pub(super) fn drop(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let kind = cursor.eat_any(KINDS);
    cursor.eat("IF EXISTS");
    let name = cursor.name();
    clause.is_about("key", name);
    match kind {
        Some("PRIMARY KEY") => {
            clause.found(rules::PRIMARY_KEY_CHANGE);
            clause.goes(if clause.table.gets_key { Way::Rebuild } else { Way::Copy });
        }
        Some("FOREIGN KEY") => clause.found_in_place(rules::DROP_FOREIGN_KEY),
        Some("INDEX" | "KEY") => {
            clause.found(rules::DROP_KEY);
            clause.goes(Way::InPlace);
        }
        Some("CHECK" | "CONSTRAINT") => clause.found_in_place(rules::DROP_CONSTRAINT),
        _ => clause.found(rules::UNKNOWN_STATEMENT),
    }
}

/// Reads what follows `ALTER INDEX`.
pub(super) fn alter(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let name = cursor.name();
    clause.is_about("index", name);
    match cursor.eat_any(&["VISIBLE", "NOT IGNORED", "INVISIBLE", "IGNORED"]) {
        Some("VISIBLE" | "NOT IGNORED") => clause.goes(Way::InPlace),
        Some(_) => clause.found_in_place(rules::HIDE_KEY),
        None => clause.found(rules::UNKNOWN_STATEMENT),
    }
}

/// Reads what follows `ALTER CHECK`.
pub(super) fn enforce(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let name = cursor.name();
    clause.is_about("constraint", name);
    if cursor.is("NOT ENFORCED") {
        return clause.found_in_place(rules::DROP_CONSTRAINT);
    }
    clause.found(rules::NEW_CONSTRAINT);
    clause.goes(Way::Copy);
}

impl Clause<'_, '_> {
    /// It runs into this rule, and changes the catalogue alone.
    fn found_in_place(&mut self, rule: &'static crate::rule::Rule) {
        self.found(rule);
        self.goes(if self.is_mysql() { Way::InPlace } else { Way::Metadata });
    }
}
