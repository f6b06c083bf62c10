//! `ALTER TABLE ... ALTER COLUMN`.

use crate::reading::Reading;
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table::{BRIEFLY, Table, needs, rewrite};

/// How a change of a column can begin.
const WORDS: &[&str] = &[
    "SET DATA TYPE",
    "TYPE",
    "SET DEFAULT",
    "DROP DEFAULT",
    "SET NOT NULL",
    "DROP NOT NULL",
    "SET STATISTICS",
    "SET STORAGE",
    "SET COMPRESSION",
    "SET EXPRESSION",
    "DROP EXPRESSION",
    "ADD GENERATED",
    "SET GENERATED",
    "DROP IDENTITY",
    "RESTART",
    "SET INCREMENT",
    "SET SEQUENCE",
    "SET START",
    "SET RESTART",
    "SET CACHE",
    "SET MINVALUE",
    "SET MAXVALUE",
    "SET CYCLE",
    "SET NO",
    "SET",
    "RESET",
];

/// Reads what follows `ALTER`.
pub(super) fn read(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    cursor.eat("COLUMN");
    let span = table.span();
    let name = cursor.name_text();
    let about = table.about("column", &name);
    let Some(word) = cursor.eat_any(WORDS) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, about);
    };
    let mut found = |rule| reading.found_under(rule, span.clone(), about.clone(), BRIEFLY);
    match word {
        "SET DATA TYPE" | "TYPE" => {
            found(rules::CHANGE_TYPE);
            reading.found_under(rules::CHANGE_TYPE_REWRITES, span, about, rewrite());
        }
        "SET DEFAULT" => found(rules::SET_DEFAULT),
        "DROP DEFAULT" => found(rules::DROP_DEFAULT),
        "DROP NOT NULL" => found(rules::DROP_NOT_NULL),
        "SET NOT NULL" => {
            found(rules::SET_NOT_NULL);
            if !table.context.state.is_proven_not_null(table.name, &name) {
                let lock = (Lock::AccessExclusive, Work::Scan);
                reading.found_under(rules::SET_NOT_NULL_SCANS, span, about, lock);
            }
        }
        "SET EXPRESSION" => {
            found(rules::CHANGE_TYPE);
            reading.found_under(rules::REWRITE_TABLE, span.clone(), about, rewrite());
            needs(17, table.context, reading, &span);
        }
        "DROP EXPRESSION" => found(rules::DROP_EXPRESSION),
        "ADD GENERATED" | "SET GENERATED" | "DROP IDENTITY" => found(rules::IDENTITY),
        "RESTART" | "SET RESTART" => found(rules::SEQUENCE_VALUE),
        "SET STATISTICS" | "SET" | "RESET" => {
            reading.takes(Lock::ShareUpdateExclusive, Work::Moment);
        }
        "SET STORAGE" | "SET COMPRESSION" => reading.takes(Lock::AccessExclusive, Work::Moment),
        _ => found(rules::SEQUENCE_OPTION),
    }
}
