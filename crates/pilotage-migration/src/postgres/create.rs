//! `CREATE` of everything but functions.

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

/// Kinds of objects that the rules know, longer names before shorter ones.
const KINDS: &[&str] = &[
    "TABLE",
    "FOREIGN TABLE",
    "UNIQUE INDEX",
    "INDEX",
    "MATERIALIZED VIEW",
    "RECURSIVE VIEW",
    "VIEW",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "SCHEMA",
    "EXTENSION",
    "CONSTRAINT TRIGGER",
    "TRIGGER",
    "RULE",
    "POLICY",
    "STATISTICS",
    "PUBLICATION",
    "COLLATION",
    "AGGREGATE",
    "OPERATOR",
    "CAST",
    "TEXT SEARCH",
    "DATABASE",
    "ROLE",
    "USER",
    "GROUP",
    "TABLESPACE",
    "SUBSCRIPTION",
    "SERVER",
];

/// Reads what follows `CREATE`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let replaces = cursor.eat("OR REPLACE");
    cursor.eat_any(&["GLOBAL", "LOCAL"]);
    cursor.eat_any(&["TEMPORARY", "TEMP", "UNLOGGED"]);
    let Some(kind) = cursor.eat_any(KINDS) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    match kind {
        "TABLE" | "FOREIGN TABLE" => table(cursor, context, reading),
        "INDEX" | "UNIQUE INDEX" => index(cursor, kind == "UNIQUE INDEX", context, reading),
        "VIEW" | "RECURSIVE VIEW" if replaces => {
            let lock = (Lock::AccessExclusive, Work::Moment);
            reading.found_under(rules::REPLACE_VIEW, span, "", lock);
        }
        "MATERIALIZED VIEW" if !cursor.has("WITH NO DATA") => {
            reading.found(rules::CREATE_AS, span, "");
            created(cursor, reading);
        }
        "TRIGGER" | "CONSTRAINT TRIGGER" => trigger(cursor, context, reading),
        "RULE" => {
            let lock = (Lock::AccessExclusive, Work::Moment);
            reading.found_under(rules::CREATE_RULE, span, "", lock);
        }
        "POLICY" => policy(cursor, context, reading),
        "STATISTICS" => reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
        "DOMAIN" => domain(cursor, reading),
        "DATABASE" | "ROLE" | "USER" | "GROUP" | "TABLESPACE" | "SUBSCRIPTION" | "SERVER" => {
            reading.found(rules::SERVER_SETTING, span, "");
        }
        "AGGREGATE" | "OPERATOR" | "CAST" => reading.found(rules::FUNCTION_BODY, span, ""),
        _ => created(cursor, reading),
    }
}

/// What is created without `IF NOT EXISTS` certainly did not exist before.
fn created(mut cursor: Cursor<'_>, reading: &mut Reading) {
    if !cursor.eat("IF NOT EXISTS") {
        reading.facts.extend(cursor.name().map(Fact::Created));
    }
}

fn table(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let is_known_new = !cursor.eat("IF NOT EXISTS");
    let span = cursor.span();
    let Some(name) = cursor.name() else { return };
    if cursor.eat("PARTITION OF") {
        let parent = cursor.name();
        if !parent.as_ref().is_some_and(|parent| context.state.is_new(parent)) {
            let about = format!("`{name}`");
            let lock = (Lock::AccessExclusive, Work::Scan);
            reading.found_under(rules::PARTITION_OF, span, about, lock);
        }
    } else if cursor.find("AS").is_some_and(|query| !query.is("IDENTITY")) {
        reading.found(rules::CREATE_AS, span, format!("`{name}`"));
    } else {
        references(cursor, context, reading);
    }
    if is_known_new {
        reading.learned(Fact::Created(name));
    }
}

/// A foreign key of a new table locks the tables that it references for a moment.
fn references(cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let mut rest = cursor;
    while !rest.is_end() {
        if rest.eat("REFERENCES") {
            let parent = rest.name();
            if !parent.is_some_and(|parent| context.state.is_new(&parent)) {
                reading.takes(Lock::ShareRowExclusive, Work::Moment);
            }
        } else {
            rest.advance();
        }
    }
}

fn index(mut cursor: Cursor<'_>, is_unique: bool, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let is_concurrent = cursor.eat("CONCURRENTLY");
    cursor.eat("IF NOT EXISTS");
    let name = if cursor.is("ON") { None } else { cursor.name() };
    cursor.eat("ON");
    cursor.eat("ONLY");
    let Some(table) = cursor.name() else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    if is_concurrent {
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
        reading.runs_alone();
    }
    if context.state.is_new(&table) {
        reading.facts.extend(name.map(Fact::Created));
        return;
    }
    let about = format!("on `{table}`");
    if !is_concurrent {
        let lock = (Lock::Share, Work::Build);
        reading.found_under(rules::CREATE_INDEX_BLOCKS, span.clone(), about.clone(), lock);
    }
    if is_unique {
        reading.found(rules::UNIQUE_INDEX, span, about);
    }
}

fn trigger(cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let table = cursor.find("ON").and_then(|mut after| after.name());
    if table.as_ref().is_some_and(|table| context.state.is_new(table)) {
        return;
    }
    let about = table.map(|table| format!("on `{table}`")).unwrap_or_default();
    let lock = (Lock::ShareRowExclusive, Work::Moment);
    reading.found_under(rules::CREATE_TRIGGER, cursor.span(), about, lock);
}

fn policy(cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let table = cursor.find("ON").and_then(|mut after| after.name());
    if table.as_ref().is_some_and(|table| context.state.is_new(table)) {
        return;
    }
    let about = table.map(|table| format!("on `{table}`")).unwrap_or_default();
    let lock = (Lock::AccessExclusive, Work::Moment);
    reading.found_under(rules::ROW_SECURITY, cursor.span(), about, lock);
}

fn domain(mut cursor: Cursor<'_>, reading: &mut Reading) {
    let Some(name) = cursor.name() else { return };
    if cursor.has("CHECK") || cursor.has("NOT NULL") {
        reading.learned(Fact::StrictDomain(name.clone()));
    }
    reading.learned(Fact::Created(name));
}
