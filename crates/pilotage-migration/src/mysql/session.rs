//! Statements about the session, permissions and maintenance, and all that is not known.

use core::ops::Range;

use crate::reading::{Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

/// Settings that make the server accept what it should not.
const CHECKS: &[&str] =
    &["foreign_key_checks", "unique_checks", "check_constraint_checks", "sql_mode", "sql_log_bin"];

/// Reads one of them.
pub(super) fn read(statement: Cursor<'_>, reading: &mut Reading) {
    let (mut cursor, span) = (statement, statement.span());
    let word = cursor.word();
    cursor.advance();
    match word.as_str() {
        "SHOW" | "DESCRIBE" | "DESC" | "EXPLAIN" | "GRANT" | "UNLOCK" | "DEALLOCATE" => {}
        "REVOKE" => reading.found(rules::REVOKE, span, ""),
        "SET" => set(cursor, &span, reading),
        "USE" => {
            reading.learned(Fact::NothingIsNew);
            reading.found(rules::SESSION_SETTING, span, "");
        }
        // MariaDB runs whole blocks of code outside routines.
        "BEGIN" if !cursor.is_end() && !cursor.is("WORK") => {
            reading.found(rules::DO_BLOCK, span, "");
        }
        "START" | "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => {
            reading.found(rules::TRANSACTION_CONTROL, span, "");
        }
        "LOCK" => {
            let lock = (Lock::MetadataExclusive, Work::Rows);
            reading.found_under(rules::LOCK_TABLE, span, "", lock);
        }
        "OPTIMIZE" => {
            let lock = (Lock::MetadataBriefly, Work::Rewrite);
            reading.found_under(rules::REBUILDS_TABLE, span, "", lock);
        }
        "REPAIR" => {
            let lock = (Lock::MetadataExclusive, Work::Rewrite);
            reading.found_under(rules::COPIES_TABLE, span, "", lock);
        }
        "ANALYZE" | "CHECK" | "CHECKSUM" if cursor.has("TABLE") || cursor.has("TABLES") => {
            reading.found(rules::TABLE_MAINTENANCE, span, "");
        }
        "CALL" | "EXECUTE" | "PREPARE" | "DO" => reading.found(rules::CALL, span, ""),
        "FLUSH" | "RESET" | "KILL" | "PURGE" | "CHANGE" | "STOP" | "INSTALL" | "UNINSTALL"
        | "SHUTDOWN" | "RESTART" | "CLONE" => reading.found(rules::SERVER_SETTING, span, ""),
        _ => reading.found(rules::UNKNOWN_STATEMENT, span, ""),
    }
}

/// Reads each assignment of a `SET`.
fn set(cursor: Cursor<'_>, span: &Range<usize>, reading: &mut Reading) {
    if cursor.is("NAMES") || cursor.is("CHARACTER SET") || cursor.is("TRANSACTION") {
        return;
    }
    if cursor.is("STATEMENT") {
        // `SET STATEMENT ... FOR` runs the statement at its end.
        return reading.found(rules::UNKNOWN_STATEMENT, span.clone(), "");
    }
    if cursor.is("PASSWORD") || cursor.is("ROLE") || cursor.is("DEFAULT ROLE") {
        return reading.found(rules::SERVER_SETTING, span.clone(), "");
    }
    cursor.split_commas().into_iter().for_each(|assignment| assign(assignment, span, reading));
}

fn assign(mut cursor: Cursor<'_>, span: &Range<usize>, reading: &mut Reading) {
    let scope = cursor.word();
    if ["GLOBAL", "PERSIST", "PERSIST_ONLY"].contains(&scope.as_str())
        || scope.starts_with("@@GLOBAL")
        || scope.starts_with("@@PERSIST")
    {
        return reading.found(rules::SERVER_SETTING, span.clone(), "");
    }
    cursor.eat_any(&["SESSION", "LOCAL"]);
    let Some(name) = cursor.name() else { return };
    let plain = name.as_str().trim_start_matches("@@").to_ascii_lowercase();
    let plain = plain.trim_start_matches("session.").trim_start_matches("local.");
    if name.as_str().starts_with('@') && !name.as_str().starts_with("@@") {
        return;
    }
    cursor.eat_symbol(b':');
    cursor.eat_symbol(b'=');
    let restores = cursor.word().starts_with('@') || cursor.source() == "1";
    if CHECKS.contains(&plain) && !restores {
        reading.found(rules::CHECKS_OFF, span.clone(), format!("`{plain}`"));
    } else if !CHECKS.contains(&plain) {
        reading.found(rules::SESSION_SETTING, span.clone(), format!("`{plain}`"));
    }
}
