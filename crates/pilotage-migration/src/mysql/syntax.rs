//! Whether a statement about rows can be read.

use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;

use crate::sql::Cursor;

/// How statements begin that the reader knows; it misses too much of the others.
const ABOUT_ROWS: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "REPLACE INTO"];

/// What the reader knows of nothing, yet is harmless or classified elsewhere.
const BEYOND: &[&str] = &["PARTITION", "OUTFILE", "DUMPFILE", "LOW_PRIORITY", "RETURNING", "USE"];

/// Why the statement cannot be read, if that is so.
///
/// Executable comments are left to the server: the reader sees them as comments, or as text.
pub(super) fn problem(statement: Cursor<'_>) -> Option<String> {
    let source = statement.source();
    let is_about_rows = ABOUT_ROWS.iter().any(|word| statement.is(word));
    let is_beyond = BEYOND.iter().any(|word| statement.has_anywhere(word))
        || source.contains("/*!")
        || source.contains("/*M!");
    if !is_about_rows || is_beyond {
        return None;
    }
    Parser::parse_sql(&MySqlDialect {}, source).err().map(|error| error.to_string())
}
