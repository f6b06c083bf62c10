//! Statements that read and write rows.

use core::ops::Range;

use crate::reading::{Context, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::{Cursor, ObjectName};

/// Functions that a query may call without doing anything.
const HARMLESS: &[&str] = &[
    "avg",
    "cast",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "convert",
    "count",
    "date",
    "date_add",
    "date_format",
    "date_sub",
    "exists",
    "group_concat",
    "if",
    "ifnull",
    "in",
    "json_extract",
    "json_object",
    "length",
    "lower",
    "max",
    "md5",
    "min",
    "now",
    "nullif",
    "over",
    "replace",
    "row_number",
    "sha2",
    "substring",
    "sum",
    "trim",
    "upper",
    "values",
    "version",
];

/// Reads one of them.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let word = cursor.word();
    cursor.advance();
    reading.takes(Lock::Rows, Work::Rows);
    match word.as_str() {
        "INSERT" | "REPLACE" => insert(cursor, span, context, reading),
        "UPDATE" => {
            cursor.eat("LOW_PRIORITY");
            cursor.eat("IGNORE");
            let table = cursor.name();
            unbounded(cursor, table, span, context, reading);
        }
        "DELETE" => {
            let table = cursor.find("FROM").and_then(|mut after| after.name());
            unbounded(cursor, table, span, context, reading);
        }
        "WITH" => with(cursor, context, reading),
        "LOAD" if cursor.has("LOCAL") => reading.found(rules::CLIENT_COMMAND, span, ""),
        "LOAD" => reading.found(rules::BULK_INSERT, span, ""),
        _ => select(cursor, span, reading),
    }
}

fn insert(mut cursor: Cursor<'_>, span: Range<usize>, context: Context<'_>, reading: &mut Reading) {
    while cursor.eat_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]).is_some()
    {
    }
    let into_new = cursor.name().is_some_and(|table| context.state.is_new(&table));
    let queries = cursor.has_anywhere("SELECT") || cursor.has("TABLE");
    if queries && !into_new && !cursor.has("VALUES") {
        reading.found(rules::BULK_INSERT, span, "");
    }
}

/// A write without a condition or a limit is a write to all rows.
fn unbounded(
    cursor: Cursor<'_>,
    table: Option<ObjectName>,
    span: Range<usize>,
    context: Context<'_>,
    reading: &mut Reading,
) {
    let is_new = table.as_ref().is_some_and(|table| context.state.is_new(table));
    let condition = cursor.find("WHERE").map(|condition| condition.source().to_ascii_lowercase());
    let bounds = condition.is_some_and(|c| !matches!(c.as_str(), "true" | "1" | "1=1" | "1 = 1"));
    if !is_new && !bounds && !cursor.has("LIMIT") {
        let about = table.map(|table| format!("`{table}`")).unwrap_or_default();
        reading.found(rules::UNBOUNDED_WRITE, span, about);
    }
}

fn with(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    while !cursor.is_end() {
        if ["UPDATE", "DELETE", "SELECT", "VALUES", "TABLE"].iter().any(|word| cursor.is(word)) {
            return read(cursor, context, reading);
        }
        cursor.skip();
    }
}

/// A query that calls what the rules do not know may do anything.
fn select(cursor: Cursor<'_>, span: Range<usize>, reading: &mut Reading) {
    if cursor.has("OUTFILE") || cursor.has("DUMPFILE") {
        reading.found(rules::SERVER_SETTING, span.clone(), "");
    }
    let known = |function: &str| HARMLESS.contains(&function);
    if let Some(function) = cursor.calls().find(|function| !known(function)) {
        reading.found(rules::CALL, span, format!("`{function}`"));
    }
}
