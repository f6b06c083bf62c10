//! `ALTER TABLE ... ADD COLUMN`.

use crate::reading::Reading;
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table::{BRIEFLY, Table, needs, rewrite};
use super::volatile::is_steady;

/// Types that are an integer with a sequence.
const SERIAL: &[&str] = &["SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8"];

/// What can follow a default, and so ends its expression.
const AFTER_DEFAULT: &[&str] =
    &["NOT NULL", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY KEY", "REFERENCES", "GENERATED"];

/// Reads what follows `ADD`.
pub(super) fn read(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    cursor.eat("COLUMN");
    cursor.eat("IF NOT EXISTS");
    let span = table.span();
    let name = cursor.name_text();
    let about = table.about("column", &name);
    reading.takes(Lock::AccessExclusive, Work::Moment);

    let column = Column::of(cursor, table);
    if column.rewrites {
        reading.found_under(rules::ADD_COLUMN_REWRITES, span.clone(), about.clone(), rewrite());
    }
    if column.is_required() {
        reading.found(rules::ADD_REQUIRED_COLUMN, span.clone(), about.clone());
    }
    if column.is_virtual {
        needs(18, table.context, reading, &span);
    }
    if cursor.has("CHECK") && !cursor.has("NOT ENFORCED") {
        let lock = (Lock::AccessExclusive, Work::Scan);
        reading.found_under(rules::ADD_COLUMN_SCANS, span.clone(), about.clone(), lock);
    }
    if cursor.has("UNIQUE") || cursor.has("PRIMARY KEY") {
        let lock = (Lock::AccessExclusive, Work::Build);
        reading.found_under(rules::ADD_COLUMN_BUILDS, span.clone(), about.clone(), lock);
    }
    if cursor.has("REFERENCES") && column.has_default {
        // Every row gets a value that has to be looked up; without a default there is nothing to prove.
        let lock = (Lock::AccessExclusive, Work::Scan);
        reading.found_under(rules::ADD_FOREIGN_KEY_SCANS, span, about, lock);
    } else if cursor.has("REFERENCES") {
        reading.found_under(rules::ADD_COLUMN_REFERENCES, span, about, BRIEFLY);
    }
}

/// What decides how a new column is added.
#[expect(clippy::struct_excessive_bools, reason = "each is one clause that is there or is not")]
struct Column {
    rewrites: bool,
    has_default: bool,
    fills_itself: bool,
    not_null: bool,
    is_virtual: bool,
}

impl Column {
    fn of(cursor: Cursor<'_>, table: &Table<'_>) -> Self {
        let default = cursor.find("DEFAULT").filter(|_| !cursor.has("BY DEFAULT"));
        let is_serial = SERIAL.contains(&cursor.word().as_str());
        let is_identity = cursor.has("AS IDENTITY");
        let is_generated = cursor.has("GENERATED ALWAYS AS") && !is_identity;
        let is_stored = is_generated && cursor.has("STORED");
        let mut of_type = cursor;
        let is_strict = of_type.name().is_some_and(|ty| table.context.state.is_strict_domain(&ty));
        let is_volatile = default.is_some_and(|expression| differs_by_row(expression));
        Self {
            rewrites: is_serial || is_identity || is_stored || is_strict || is_volatile,
            has_default: default.is_some_and(|expression| !expression.is("NULL")),
            fills_itself: is_serial || is_identity || is_generated,
            not_null: cursor.has("NOT NULL") || cursor.has("PRIMARY KEY"),
            is_virtual: is_generated && !is_stored,
        }
    }

    const fn is_required(&self) -> bool {
        self.not_null && !self.has_default && !self.fills_itself
    }
}

/// Whether an expression may differ from row to row.
fn differs_by_row(expression: Cursor<'_>) -> bool {
    let shortest = AFTER_DEFAULT.iter().map(|word| expression.until(word));
    let expression = shortest.min_by_key(|part| part.tokens().len()).unwrap_or(expression);
    expression.calls().any(|function| !is_steady(&function))
}
