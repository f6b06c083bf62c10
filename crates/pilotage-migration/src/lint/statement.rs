//! One statement: its findings and its effect, whatever the dialect.

use crate::reading::{Context, Reading};
use crate::rule::catalogue as rules;
use crate::sql::{Chunk, Cursor, byte_at, is_too_deep};
use crate::{mysql, postgres};

/// The longest statement that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Reads a statement.
pub(super) fn read(text: &str, chunk: &Chunk, context: Context<'_>) -> Reading {
    let postgres = context.server.is_postgres();
    let cursor = Cursor::new(text, &chunk.tokens, postgres);
    let span = chunk.span();
    if span.len() > LONGEST || is_too_deep(&chunk.tokens) {
        let mut reading = Reading::default();
        reading.found(rules::TOO_LARGE, byte_at(span.start), "");
        return reading;
    }
    if postgres { postgres::read(cursor, context) } else { mysql::read(cursor, context) }
}

/// Whether it changes the schema, so that it has no place in a data file.
pub(super) fn changes_schema(cursor: Cursor<'_>) -> bool {
    let heads = ["ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE", "REINDEX", "CLUSTER"];
    let is_temporary = ["CREATE TEMPORARY", "CREATE TEMP", "DROP TEMPORARY"];
    heads.iter().any(|head| cursor.is(head)) && !is_temporary.iter().any(|head| cursor.is(head))
}

/// Whether it adds an object.
pub(super) fn adds(cursor: Cursor<'_>) -> bool {
    cursor.is("CREATE") && !cursor.is("CREATE OR REPLACE") && !cursor.is("CREATE TEMP")
}
