//! `DROP` of everything.

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Rule, Work, catalogue as rules};
use crate::sql::Cursor;

/// Kinds of objects that the rules know, longer names before shorter ones.
const KINDS: &[&str] = &[
    "TABLE",
    "FOREIGN TABLE",
    "INDEX",
    "MATERIALIZED VIEW",
    "VIEW",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "SCHEMA",
    "EXTENSION",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "OPERATOR",
    "CAST",
    "TRIGGER",
    "RULE",
    "POLICY",
    "STATISTICS",
    "PUBLICATION",
    "COLLATION",
    "TEXT SEARCH",
    "OWNED BY",
    "DATABASE",
    "ROLE",
    "USER",
    "GROUP",
    "TABLESPACE",
    "SUBSCRIPTION",
    "SERVER",
];

/// Reads what follows `DROP`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let whole = cursor;
    let Some(kind) = cursor.eat_any(KINDS) else {
        return reading.found(rules::UNKNOWN_STATEMENT, whole.span(), "");
    };
    match kind {
        "INDEX" => return index(cursor, context, reading),
        "TRIGGER" | "RULE" | "POLICY" => return of_table(cursor, kind, context, reading),
        "STATISTICS" => return reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
        "DATABASE" | "OWNED BY" => {
            reading.found(rules::DROP_OBJECT, whole.span(), "");
            return reading.found(rules::SERVER_SETTING, whole.span(), "");
        }
        "ROLE" | "USER" | "GROUP" | "TABLESPACE" | "SUBSCRIPTION" | "SERVER" => {
            return reading.found(rules::SERVER_SETTING, whole.span(), "");
        }
        _ => {}
    }
    let rule = if kind.ends_with("TABLE") { rules::DROP_TABLE } else { rules::DROP_OBJECT };
    each(cursor, rule, context, reading);
}

/// Reads a list of names.
fn each(mut cursor: Cursor<'_>, rule: &'static Rule, context: Context<'_>, reading: &mut Reading) {
    cursor.eat("IF EXISTS");
    let mut dropped = 0;
    for mut part in cursor.split_commas() {
        let span = part.span();
        let Some(name) = part.name() else { continue };
        if context.state.is_new(&name) {
            reading.learned(Fact::Dropped(name));
            continue;
        }
        dropped += 1;
        let lock = (Lock::AccessExclusive, Work::Moment);
        reading.found_under(rule, span, format!("`{name}`"), lock);
    }
    if dropped > 0 && cursor.has("CASCADE") {
        reading.found(rules::DROP_CASCADE, cursor.span(), "");
    }
}

fn index(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let is_concurrent = cursor.eat("CONCURRENTLY");
    cursor.eat("IF EXISTS");
    if is_concurrent {
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
        reading.runs_alone();
    }
    for mut part in cursor.split_commas() {
        let span = part.span();
        let Some(name) = part.name() else { continue };
        if context.state.is_new(&name) {
            reading.learned(Fact::Dropped(name));
            continue;
        }
        let about = format!("`{name}`");
        reading.found(rules::DROP_INDEX, span.clone(), about.clone());
        if !is_concurrent {
            let lock = (Lock::AccessExclusive, Work::Moment);
            reading.found_under(rules::DROP_INDEX_BLOCKS, span, about, lock);
        }
    }
    if cursor.has("CASCADE") {
        reading.found(rules::DROP_CASCADE, cursor.span(), "");
    }
}

/// Reads `name ON table`.
fn of_table(cursor: Cursor<'_>, kind: &str, context: Context<'_>, reading: &mut Reading) {
    let table = cursor.find("ON").and_then(|mut after| after.name());
    if table.as_ref().is_some_and(|table| context.state.is_new(table)) {
        return;
    }
    let rule = if kind == "POLICY" { rules::ROW_SECURITY } else { rules::DROP_TRIGGER };
    let about = table.map(|table| format!("on `{table}`")).unwrap_or_default();
    reading.found_under(rule, cursor.span(), about, (Lock::AccessExclusive, Work::Moment));
}
