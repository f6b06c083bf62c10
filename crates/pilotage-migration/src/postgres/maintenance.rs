//! `VACUUM`, `ANALYZE`, `CLUSTER`, `REINDEX`, `REFRESH MATERIALIZED VIEW`.

use crate::reading::{Context, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table::rewrite;

/// Reads one of them.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "VACUUM" => vacuum(cursor, span, reading),
        "ANALYZE" | "ANALYSE" => reading.takes(Lock::ShareUpdateExclusive, Work::Rows),
        "REINDEX" => reindex(cursor, span, context, reading),
        "REFRESH" => refresh(cursor, span, context, reading),
        _ => reading.found_under(rules::REWRITE_TABLE, span, "", rewrite()),
    }
}

fn vacuum(cursor: Cursor<'_>, span: core::ops::Range<usize>, reading: &mut Reading) {
    reading.runs_alone();
    if cursor.has_anywhere("FULL") {
        reading.found_under(rules::VACUUM_FULL, span, "", rewrite());
    } else {
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
        reading.found(rules::MAINTENANCE, span, "");
    }
}

fn reindex(
    mut cursor: Cursor<'_>,
    span: core::ops::Range<usize>,
    context: Context<'_>,
    reading: &mut Reading,
) {
    let option = cursor.group().is_some_and(|options| options.has("CONCURRENTLY"));
    let kind = cursor.eat_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
    if cursor.eat("CONCURRENTLY") || option {
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
        return reading.runs_alone();
    }
    if matches!(kind, Some("SCHEMA" | "DATABASE" | "SYSTEM")) {
        reading.runs_alone();
    }
    if !cursor.name().is_some_and(|name| context.state.is_new(&name)) {
        reading.found_under(rules::REINDEX_BLOCKS, span, "", (Lock::AccessExclusive, Work::Build));
    }
}

fn refresh(
    mut cursor: Cursor<'_>,
    span: core::ops::Range<usize>,
    context: Context<'_>,
    reading: &mut Reading,
) {
    cursor.eat("MATERIALIZED VIEW");
    if cursor.eat("CONCURRENTLY") {
        return reading.takes(Lock::Exclusive, Work::Build);
    }
    if !cursor.name().is_some_and(|name| context.state.is_new(&name)) {
        reading.found_under(rules::REFRESH_BLOCKS, span, "", (Lock::AccessExclusive, Work::Build));
    }
}
