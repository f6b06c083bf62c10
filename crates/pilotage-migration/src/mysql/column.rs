//! Clauses of `ALTER TABLE` about columns.

use crate::rule::catalogue as rules;
use crate::sql::Cursor;

use super::alter_table::Clause;
use super::online::Way;

/// Reads what follows `ADD`: one column, or several in brackets.
pub(super) fn add(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("COLUMN");
    cursor.eat("IF NOT EXISTS");
    match cursor.group() {
        Some(columns) => columns.split_commas().into_iter().for_each(|column| one(column, clause)),
        None => one(cursor, clause),
    }
}

fn one(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    clause.span = cursor.span();
    let name = cursor.name();
    clause.is_about("column", name);
    let column = Definition::of(cursor);
    clause.goes(column.way(clause));
    if column.is_required() {
        clause.found(rules::ADD_REQUIRED_COLUMN);
    }
    if column.is_unique {
        clause.found(rules::UNIQUE_KEY);
    }
    if column.references {
        references(clause);
    }
    warn_of_row_versions(clause);
}

/// MySQL before 9 reads a reference beside a column and ignores it.
fn references(clause: &mut Clause<'_, '_>) {
    if clause.is_mysql_before(9, 0, 0) {
        clause.found(rules::INLINE_REFERENCES);
    } else {
        clause.found(rules::NEW_CONSTRAINT);
        clause.found(rules::FOREIGN_KEY_COPIES);
    }
}

fn warn_of_row_versions(clause: &mut Clause<'_, '_>) {
    if clause.is_mysql_before(8, 0, 32) && !clause.is_mysql_before(8, 0, 29) {
        clause.found(rules::ROW_VERSIONS);
    }
}

/// What decides how a new column is added.
#[expect(clippy::struct_excessive_bools, reason = "each is one clause that is there or is not")]
struct Definition {
    counts: bool,
    is_stored: bool,
    is_virtual: bool,
    has_default: bool,
    computes_default: bool,
    not_null: bool,
    is_unique: bool,
    is_primary: bool,
    has_check: bool,
    references: bool,
    is_placed: bool,
}

impl Definition {
    fn of(cursor: Cursor<'_>) -> Self {
        let default = cursor.find("DEFAULT");
        let is_stored = cursor.has("STORED") || cursor.has("PERSISTENT");
        let generated = cursor.has("AS") || cursor.has("GENERATED ALWAYS");
        Self {
            counts: cursor.has("AUTO_INCREMENT") || cursor.is("SERIAL"),
            is_stored,
            is_virtual: generated && !is_stored,
            has_default: default.is_some_and(|value| !value.is("NULL")),
            computes_default: default.is_some_and(computes),
            not_null: cursor.has("NOT NULL"),
            is_unique: cursor.has("UNIQUE"),
            is_primary: cursor.has("PRIMARY KEY"),
            has_check: cursor.has("CHECK") && !cursor.has("NOT ENFORCED"),
            references: cursor.has("REFERENCES"),
            is_placed: cursor.has("FIRST") || cursor.has("AFTER"),
        }
    }

    fn way(&self, clause: &Clause<'_, '_>) -> Way {
        let checks = clause.is_mysql() && !clause.is_mysql_before(8, 0, 16);
        let copies = self.counts || self.is_stored || self.computes_default || self.is_primary;
        if copies || (self.has_check && checks) {
            Way::Copy
        } else if self.is_virtual {
            Way::Metadata
        } else if clause.is_mysql_before(8, 0, 12)
            || (self.is_placed && clause.is_mysql_before(8, 0, 29))
            || self.is_unique
        {
            // Also a column and its index in one statement are more than any shortcut can do.
            Way::Rebuild
        } else {
            Way::Metadata
        }
    }

    const fn is_required(&self) -> bool {
        let fills_itself = self.counts || self.is_stored || self.is_virtual;
        self.not_null && !self.has_default && !fills_itself
    }
}

/// Whether a default is computed for each row: an expression, but not the time.
fn computes(default: Cursor<'_>) -> bool {
    const TIMES: [&str; 4] = ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"];
    let is_time = TIMES.iter().any(|time| default.is(time));
    let mut after = default;
    after.advance();
    let is_call = !default.word().is_empty() && after.is_symbol(b'(');
    default.is_symbol(b'(') || (is_call && !is_time)
}

/// Reads what follows `DROP`.
pub(super) fn drop(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("COLUMN");
    cursor.eat("IF EXISTS");
    let name = cursor.name();
    clause.is_about("column", name);
    clause.found(rules::DROP_COLUMN);
    let rebuilds = clause.is_mysql_before(8, 0, 29);
    clause.goes(if rebuilds { Way::Rebuild } else { Way::Metadata });
    warn_of_row_versions(clause);
}

/// Reads what follows `MODIFY`.
pub(super) fn modify(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("COLUMN");
    cursor.eat("IF EXISTS");
    let name = cursor.name();
    clause.is_about("column", name);
    redefine(cursor, clause);
}

/// Reads what follows `CHANGE`.
pub(super) fn change(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("COLUMN");
    cursor.eat("IF EXISTS");
    let (old, new) = (cursor.name(), cursor.name());
    let renames = match (&old, &new) {
        (Some(old), Some(new)) => !old.as_str().eq_ignore_ascii_case(new.as_str()),
        _ => true,
    };
    clause.is_about("column", old);
    if renames {
        clause.found(rules::RENAME_COLUMN);
    }
    redefine(cursor, clause);
}

/// A definition replaces the old one, which is not in the text.
fn redefine(cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let has_values = cursor.is("ENUM") || cursor.is("SET");
    clause.found(if has_values { rules::ENUM_CHANGE } else { rules::REDEFINES_COLUMN });
    let is_placed = cursor.has("FIRST") || cursor.has("AFTER");
    let rebuilds = is_placed && clause.is_mysql();
    clause.goes(if rebuilds { Way::Rebuild } else { Way::Unknown });
}

/// Reads what follows `RENAME COLUMN`.
pub(super) fn rename(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("IF EXISTS");
    let name = cursor.name();
    clause.is_about("column", name);
    clause.found(rules::RENAME_COLUMN);
    let in_place = clause.is_mysql_before(8, 0, 28);
    clause.goes(if in_place { Way::InPlace } else { Way::Metadata });
}

/// Reads what follows `ALTER`.
pub(super) fn alter(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat("COLUMN");
    cursor.eat("IF EXISTS");
    let name = cursor.name();
    clause.is_about("column", name);
    match cursor.eat_any(&["SET DEFAULT", "DROP DEFAULT"]) {
        Some("SET DEFAULT") => clause.found(rules::SET_DEFAULT),
        Some(_) => clause.found(rules::DROP_DEFAULT),
        None => return clause.found(rules::UNKNOWN_STATEMENT),
    }
    clause.goes(Way::Metadata);
}
