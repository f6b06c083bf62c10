//! What a Postgres statement does.
//!
//! `squawk-syntax`, which has the grammar of the server, says whether a statement can be read; the
//! files here say what it does, from its tokens. Statements with bodies (`DO`, functions) are not
//! read at all: what they do is not in their grammar.
//!
//! Guarantees: a statement or a clause that is not known by name is never safe. It deliberately
//! knows no catalogue: where the effect depends on what exists, the worse case is reported.

mod add_column;
mod alter;
mod alter_column;
mod alter_table;
mod constraint;
mod create;
mod data;
mod drop;
mod maintenance;
mod session;
mod sign;
mod syntax;
mod volatile;

pub(crate) use sign::sign;

use crate::reading::{Context, Reading};
use crate::rule::catalogue as rules;
use crate::sql::{Cursor, byte_at};

/// Reads one statement; `text` is all of it.
pub(crate) fn read(statement: Cursor<'_>, context: Context<'_>) -> Reading {
    let mut reading = Reading::default();
    if let Some(rule) = opaque(statement) {
        reading.found(rule, statement.span(), "");
        return reading;
    }
    if let Some((at, problem)) = syntax::problem(statement.source()) {
        let start = statement.span().start + at;
        reading.found(rules::SYNTAX, byte_at(start), problem);
        reading.suspect(|rest| dispatch(statement, context, rest));
        return reading;
    }
    dispatch(statement, context, &mut reading);
    reading
}

/// Statements whose effect is in a body that no grammar here reads.
fn opaque(mut cursor: Cursor<'_>) -> Option<&'static crate::rule::Rule> {
    if cursor.is("DO") {
        return Some(rules::DO_BLOCK);
    }
    if cursor.is_meta() {
        return Some(rules::CLIENT_COMMAND);
    }
    let creates = cursor.eat("CREATE OR REPLACE") || cursor.eat("CREATE");
    let routine = cursor.is("FUNCTION") || cursor.is("PROCEDURE");
    (creates && routine).then_some(rules::FUNCTION_BODY)
}

fn dispatch(statement: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let mut cursor = statement;
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "ALTER" => alter::read(cursor, context, reading),
        "CREATE" => create::read(cursor, context, reading),
        "DROP" => drop::read(cursor, context, reading),
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "WITH" | "SELECT" | "VALUES" | "TABLE"
        | "COPY" | "TRUNCATE" => data::read(statement, context, reading),
        "VACUUM" | "ANALYZE" | "ANALYSE" | "CLUSTER" | "REINDEX" | "REFRESH" | "REPACK" => {
            maintenance::read(statement, context, reading);
        }
        _ => session::read(statement, reading),
    }
}
