//! What a MySQL or MariaDB statement does.
//!
//! No reader of this dialect knows all of `ALTER TABLE`, so its tail is classified here, clause by
//! clause; `sqlparser` says whether a statement about rows can be read. What a clause costs depends
//! on the version and on what the statement itself asks for (`ALGORITHM`, `LOCK`): where it names
//! an algorithm, the server refuses rather than does worse.
//!
//! Guarantees: a statement or a clause that is not known by name is never safe. It deliberately
//! knows no catalogue: `MODIFY` names the new definition alone, so the worse case is reported.

mod alter_table;
mod column;
mod create;
mod data;
mod drop;
mod key;
mod online;
mod options;
mod session;
mod sign;
mod syntax;

pub(crate) use sign::sign;

use crate::reading::{Context, Reading, Transaction};
use crate::rule::catalogue as rules;
use crate::sql::Cursor;

/// Reads one statement.
pub(crate) fn read(statement: Cursor<'_>, context: Context<'_>) -> Reading {
    let mut reading = Reading::default();
    if statement.is_meta() {
        reading.found(rules::CLIENT_COMMAND, statement.span(), "");
        return reading;
    }
    if let Some(problem) = syntax::problem(statement) {
        reading.found(rules::SYNTAX, statement.span(), problem);
        reading.suspect(|rest| dispatch(statement, context, rest));
        return reading;
    }
    dispatch(statement, context, &mut reading);
    reading
}

fn dispatch(statement: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let mut cursor = statement;
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "ALTER" => alter(cursor, context, reading),
        "CREATE" => create::read(cursor, context, reading),
        "DROP" => drop::read(cursor, context, reading),
        "RENAME" => drop::rename(cursor, context, reading),
        "TRUNCATE" => drop::truncate(cursor, context, reading),
        "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "WITH" | "SELECT" | "VALUES" | "TABLE"
        | "LOAD" => return data::read(statement, context, reading),
        _ => return session::read(statement, reading),
    }
    reading.effect.transaction = Transaction::Ends;
}

/// Reads what follows `ALTER`.
fn alter(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    cursor.eat("ONLINE");
    cursor.eat("IGNORE");
    match cursor.eat_any(&["TABLE", "SEQUENCE", "PROCEDURE", "FUNCTION", "EVENT"]) {
        Some("TABLE") => alter_table::read(cursor, context, reading),
        Some("SEQUENCE") => reading.found(rules::SEQUENCE_OPTION, span, ""),
        Some("PROCEDURE" | "FUNCTION") => reading.found(rules::CHANGE_FUNCTION, span, ""),
        Some(_) => reading.found(rules::EVENT, span, ""),
        None if cursor.until("AS").has("VIEW") => reading.found(rules::CHANGE_VIEW, span, ""),
        None if cursor.has("EVENT") => reading.found(rules::EVENT, span, ""),
        None => reading.found(rules::SERVER_SETTING, span, ""),
    }
}
