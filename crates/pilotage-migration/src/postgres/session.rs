//! Statements about the session, permissions and comments, and all that is not known.

use crate::reading::{Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

/// Settings whose change takes effect beyond a migration, or guards it.
const GUARDS: &[&str] = &[
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "session_replication_role",
    "role",
    "search_path",
];

/// Reads one of them.
pub(super) fn read(statement: Cursor<'_>, reading: &mut Reading) {
    let (mut cursor, span) = (statement, statement.span());
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "COMMENT" => reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
        "GRANT" | "SHOW" | "EXPLAIN" if !cursor.has_anywhere("ANALYZE") => {}
        "NOTIFY" | "LISTEN" | "UNLISTEN" | "DEALLOCATE" | "CLOSE" | "SECURITY" => {}
        "REVOKE" => reading.found(rules::REVOKE, span, ""),
        "SET" | "RESET" => set(cursor, span, reading),
        "BEGIN" | "START" | "COMMIT" | "END" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "ABORT" => {
            reading.found(rules::TRANSACTION_CONTROL, span, "");
            if word == "ROLLBACK" || word == "ABORT" {
                reading.learned(Fact::NothingIsNew);
            }
        }
        "LOCK" => {
            let lock = (Lock::AccessExclusive, Work::Rows);
            reading.found_under(rules::LOCK_TABLE, span, "", lock);
        }
        "CALL" | "EXECUTE" | "PREPARE" => reading.found(rules::CALL, span, ""),
        _ => reading.found(rules::UNKNOWN_STATEMENT, span, ""),
    }
}

fn set(mut cursor: Cursor<'_>, span: core::ops::Range<usize>, reading: &mut Reading) {
    if cursor.is("CONSTRAINTS") || cursor.is("TRANSACTION") {
        return;
    }
    cursor.eat_any(&["SESSION", "LOCAL"]);
    let name = cursor.name_text();
    let guards = GUARDS.contains(&name.as_str()) || name == "authorization" || name == "all";
    if name == "search_path" || name == "all" {
        reading.learned(Fact::NothingIsNew);
    }
    if guards {
        reading.found(rules::SESSION_SETTING, span, format!("`{name}`"));
    }
}
