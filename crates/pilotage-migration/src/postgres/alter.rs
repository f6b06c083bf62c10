//! `ALTER` of everything, by kind of object.

use crate::reading::{Context, Reading};
use crate::rule::{Lock, Rule, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table;

/// Kinds of objects, longer names before shorter ones.
const KINDS: &[&str] = &[
    "TABLE",
    "FOREIGN TABLE",
    "INDEX",
    "TYPE",
    "DOMAIN",
    "SEQUENCE",
    "MATERIALIZED VIEW",
    "VIEW",
    "SCHEMA",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "POLICY",
    "TRIGGER",
    "RULE",
    "EXTENSION",
    "PUBLICATION",
    "STATISTICS",
    "DEFAULT PRIVILEGES",
    "DATABASE",
    "ROLE",
    "USER",
    "GROUP",
    "SYSTEM",
    "TABLESPACE",
    "SUBSCRIPTION",
    "SERVER",
];

/// Reads what follows `ALTER`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let Some(kind) = cursor.eat_any(KINDS) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    match kind {
        "TABLE" | "FOREIGN TABLE" => alter_table::read(cursor, context, reading),
        "INDEX" => object(cursor, context, reading, index),
        "TYPE" => object(cursor, context, reading, of_type),
        "DOMAIN" => object(cursor, context, reading, domain),
        "SEQUENCE" => object(cursor, context, reading, sequence),
        "VIEW" | "MATERIALIZED VIEW" => object(cursor, context, reading, |c| Some(view(c))),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => {
            object(cursor, context, reading, |c| renamed(c).or(Some(rules::CHANGE_FUNCTION)));
        }
        "SCHEMA" | "RULE" => object(cursor, context, reading, |c| owned(c).or_else(|| renamed(c))),
        "TRIGGER" => object(cursor, context, reading, renamed),
        "POLICY" => reading.found(rules::ROW_SECURITY, span, ""),
        "EXTENSION" => reading.found(rules::ALTER_EXTENSION, span, ""),
        "PUBLICATION" => reading.found(rules::PUBLICATION, span, ""),
        "STATISTICS" => reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
        "DEFAULT PRIVILEGES" => {
            if cursor.has("REVOKE") {
                reading.found(rules::REVOKE, span, "");
            }
        }
        _ => reading.found(rules::SERVER_SETTING, span, ""),
    }
}

/// Reads `[IF EXISTS] name ...`, where what follows the name leads to at most one rule.
fn object(
    mut cursor: Cursor<'_>,
    context: Context<'_>,
    reading: &mut Reading,
    rule: impl Fn(Cursor<'_>) -> Option<&'static Rule>,
) {
    cursor.eat("ALL IN TABLESPACE");
    cursor.eat("IF EXISTS");
    let span = cursor.span();
    let Some(name) = cursor.name() else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    cursor.group();
    reading.takes(Lock::AccessExclusive, Work::Moment);
    let found = rule(cursor).filter(|_| !context.state.is_new(&name));
    if let Some(rule) = found {
        let work = if rule == rules::DOMAIN_SCANS { Work::Scan } else { Work::Moment };
        let lock = if rule == rules::DOMAIN_SCANS { Lock::Share } else { Lock::AccessExclusive };
        reading.found_under(rule, span, format!("`{name}`"), (lock, work));
    }
}

fn renamed(cursor: Cursor<'_>) -> Option<&'static Rule> {
    let moves = cursor.has("RENAME") || cursor.has("SET SCHEMA");
    if moves { Some(rules::RENAME_OBJECT) } else { owned(cursor) }
}

fn owned(cursor: Cursor<'_>) -> Option<&'static Rule> {
    cursor.is("OWNER TO").then_some(rules::OWNER)
}

fn index(cursor: Cursor<'_>) -> Option<&'static Rule> {
    if cursor.is("SET TABLESPACE") {
        Some(rules::REINDEX_BLOCKS)
    } else if cursor.is("RENAME TO") || cursor.is("ATTACH PARTITION") || cursor.is("ALTER") {
        Some(rules::ALTER_INDEX)
    } else {
        None
    }
}

fn of_type(cursor: Cursor<'_>) -> Option<&'static Rule> {
    let first = cursor.split_commas();
    let is_any = |words: &str| first.iter().any(|part| part.is(words));
    if cursor.is("ADD VALUE") {
        Some(rules::ENUM_VALUE)
    } else if cursor.is("RENAME VALUE") {
        Some(rules::RENAME_ENUM_VALUE)
    } else if is_any("DROP ATTRIBUTE") || is_any("ALTER ATTRIBUTE") || is_any("RENAME ATTRIBUTE") {
        Some(rules::CHANGE_TYPE_ATTRIBUTE)
    } else if is_any("ADD ATTRIBUTE") {
        Some(rules::ADD_TYPE_ATTRIBUTE)
    } else if cursor.is("SET (") {
        None
    } else {
        renamed(cursor).or(Some(rules::UNKNOWN_STATEMENT))
    }
}

fn domain(cursor: Cursor<'_>) -> Option<&'static Rule> {
    match () {
        () if cursor.is("ADD") && cursor.has("NOT VALID") => Some(rules::NEW_CONSTRAINT),
        () if cursor.is("ADD") || cursor.is("SET NOT NULL") => Some(rules::DOMAIN_SCANS),
        () if cursor.is("VALIDATE CONSTRAINT") => None,
        () if cursor.is("DROP CONSTRAINT") => Some(rules::DROP_CONSTRAINT),
        () if cursor.is("DROP NOT NULL") => Some(rules::DROP_NOT_NULL),
        () if cursor.is("SET DEFAULT") => Some(rules::SET_DEFAULT),
        () if cursor.is("DROP DEFAULT") => Some(rules::DROP_DEFAULT),
        () => renamed(cursor).or(Some(rules::UNKNOWN_STATEMENT)),
    }
}

fn sequence(cursor: Cursor<'_>) -> Option<&'static Rule> {
    let found = renamed(cursor);
    if found.is_some() {
        found
    } else if cursor.has("RESTART") || cursor.has("AS") {
        Some(rules::SEQUENCE_VALUE)
    } else if cursor.has("OWNED BY") {
        None
    } else {
        Some(rules::SEQUENCE_OPTION)
    }
}

fn view(cursor: Cursor<'_>) -> &'static Rule {
    if let Some(rule) = renamed(cursor) {
        rule
    } else if cursor.has("DROP DEFAULT") {
        rules::DROP_DEFAULT
    } else if cursor.has("SET DEFAULT") {
        rules::SET_DEFAULT
    } else if ["SET", "RESET", "ALTER", "CLUSTER"].iter().any(|word| cursor.is(word)) {
        rules::REPLACE_VIEW
    } else {
        rules::UNKNOWN_STATEMENT
    }
}
