//! Statements that read and write rows.

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::{Cursor, ObjectName};

use super::alter_table::needs;
use super::volatile::is_steady;

/// Aggregates, which are as harmless in a query as the steady functions are.
const HARMLESS: &[&str] =
    &["count", "sum", "min", "max", "avg", "bool_and", "bool_or", "in", "exists"];

/// Reads one of them.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "INSERT" => insert(cursor, context, reading),
        "UPDATE" => update(cursor, context, reading),
        "DELETE" => delete(cursor, context, reading),
        "MERGE" => {
            reading.takes(Lock::RowExclusive, Work::Rows);
            needs(15, context, reading, &span);
            if !target(cursor, "INTO").is_some_and(|table| context.state.is_new(&table)) {
                reading.found(rules::UNBOUNDED_WRITE, span, "");
            }
        }
        "TRUNCATE" => truncate(cursor, context, reading),
        "COPY" if cursor.has("STDIN") => reading.found(rules::CLIENT_COMMAND, span, ""),
        "COPY" if cursor.has("TO") => reading.takes(Lock::AccessShare, Work::Rows),
        "COPY" => reading.found(rules::BULK_INSERT, span, ""),
        "WITH" => with(cursor, context, reading),
        _ => select(cursor, reading),
    }
}

fn insert(cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    reading.takes(Lock::RowExclusive, Work::Rows);
    let into_new = target(cursor, "INTO").is_some_and(|table| context.state.is_new(&table));
    let queries = cursor.has("SELECT") || cursor.has("TABLE") || cursor.has_anywhere("SELECT");
    if queries && !into_new && !cursor.has("VALUES") {
        reading.found(rules::BULK_INSERT, cursor.span(), "");
    }
}

fn update(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    reading.takes(Lock::RowExclusive, Work::Rows);
    cursor.eat("ONLY");
    let table = cursor.name();
    unbounded(cursor, table, span, context, reading);
}

fn delete(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    reading.takes(Lock::RowExclusive, Work::Rows);
    cursor.eat("FROM");
    cursor.eat("ONLY");
    let table = cursor.name();
    unbounded(cursor, table, span, context, reading);
}

/// A write without a condition, or with one that is always true, is a write to all rows.
fn unbounded(
    cursor: Cursor<'_>,
    table: Option<ObjectName>,
    span: core::ops::Range<usize>,
    context: Context<'_>,
    reading: &mut Reading,
) {
    let is_new = table.as_ref().is_some_and(|table| context.state.is_new(table));
    let condition = cursor.find("WHERE");
    let bounds = condition.is_some_and(|condition| {
        let first = condition.source().to_ascii_lowercase();
        !matches!(first.as_str(), "true" | "1=1" | "1 = 1")
    });
    if !is_new && !bounds {
        let about = table.map(|table| format!("`{table}`")).unwrap_or_default();
        reading.found(rules::UNBOUNDED_WRITE, span, about);
    }
}

fn truncate(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    cursor.eat("TABLE");
    cursor.eat("ONLY");
    for mut part in cursor.split_commas() {
        let span = part.span();
        let Some(name) = part.name().filter(|name| !context.state.is_new(name)) else { continue };
        let lock = (Lock::AccessExclusive, Work::Moment);
        reading.found_under(rules::TRUNCATE, span, format!("`{name}`"), lock);
    }
    if cursor.has("CASCADE") {
        reading.found(rules::DROP_CASCADE, cursor.span(), "");
    }
}

/// Reads the statement after the common table expressions, and any write inside them.
fn with(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    while !cursor.is_end() {
        if let Some(inner) = cursor.group() {
            if ["INSERT", "UPDATE", "DELETE", "MERGE"].iter().any(|word| inner.is(word)) {
                read(inner, context, reading);
            }
        } else if ["INSERT", "UPDATE", "DELETE", "MERGE", "SELECT", "VALUES"]
            .iter()
            .any(|word| cursor.is(word))
        {
            return read(cursor, context, reading);
        } else {
            cursor.advance();
        }
    }
}

/// A query that calls what the rules do not know may do anything.
fn select(cursor: Cursor<'_>, reading: &mut Reading) {
    reading.takes(Lock::AccessShare, Work::Rows);
    if let Some(mut name) = cursor.find("INTO") {
        name.eat_any(&["TEMPORARY", "TEMP", "UNLOGGED"]);
        name.eat("TABLE");
        reading.found(rules::CREATE_AS, cursor.span(), "");
        reading.facts.extend(name.name().map(Fact::Created));
    }
    let sets_sequence = cursor.calls().any(|function| function == "setval");
    if sets_sequence {
        reading.found(rules::SEQUENCE_VALUE, cursor.span(), "");
    }
    let known = |function: &str| {
        is_steady(function)
            || HARMLESS.contains(&function)
            || function == "setval"
            || function == "set_config"
    };
    if let Some(function) = cursor.calls().find(|function| !known(function)) {
        reading.found(rules::CALL, cursor.span(), format!("`{function}`"));
    }
    if cursor.calls().any(|function| function == "set_config") {
        reading.found(rules::SESSION_SETTING, cursor.span(), "");
    }
}

fn target(cursor: Cursor<'_>, word: &str) -> Option<ObjectName> {
    cursor.find(word).and_then(|mut after| {
        after.eat("ONLY");
        after.name()
    })
}
