//! `ALTER TABLE ... ADD CONSTRAINT` and `VALIDATE CONSTRAINT`.

use crate::reading::{Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::{Cursor, ObjectName};

use super::alter_table::{BRIEFLY, Table, needs};

const WORDS: &[&str] =
    &["CHECK", "FOREIGN KEY", "PRIMARY KEY", "UNIQUE", "EXCLUDE", "NOT NULL", "CONSTRAINT"];

/// Whether a constraint follows `ADD`, and not a column.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    WORDS.iter().any(|word| cursor.is(word))
}

/// Reads what follows `ADD`.
pub(super) fn add(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    let name = if cursor.eat("CONSTRAINT") { cursor.name() } else { None };
    let about = match &name {
        Some(name) => table.about("constraint", name.as_str()),
        None => format!("on {}", table.itself()),
    };
    let new = New { table, span, about, name };
    match cursor.eat_any(WORDS) {
        Some("CHECK") => new.check(cursor, reading),
        Some("FOREIGN KEY") => new.foreign_key(cursor, reading),
        Some("PRIMARY KEY") => new.key(cursor, true, reading),
        Some("UNIQUE") => new.key(cursor, false, reading),
        Some("NOT NULL") => new.not_null(cursor, reading),
        Some("EXCLUDE") => {
            reading.found(rules::NEW_CONSTRAINT, new.span.clone(), new.about.clone());
            let lock = (Lock::AccessExclusive, Work::Build);
            reading.found_under(rules::ADD_EXCLUDE, new.span, new.about, lock);
        }
        _ => reading.found(rules::UNKNOWN_STATEMENT, new.span, new.about),
    }
}

/// Reads what follows `VALIDATE CONSTRAINT`.
pub(super) fn validate(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    let Some(name) = cursor.name() else { return };
    reading.takes(Lock::ShareUpdateExclusive, Work::Scan);
    if table.context.state.is_constraint_of_this_file(table.name, &name) {
        let about = table.about("constraint", name.as_str());
        reading.found(rules::VALIDATE_IN_SAME_FILE, span, about);
    }
    reading.learned(Fact::Validated { table: table.name.clone(), name });
}

/// A constraint that is being added.
struct New<'a> {
    table: &'a Table<'a>,
    span: core::ops::Range<usize>,
    about: String,
    name: Option<ObjectName>,
}

impl New<'_> {
    fn check(self, mut cursor: Cursor<'_>, reading: &mut Reading) {
        let condition = cursor.group();
        if self.is_not_enforced(cursor, reading) {
            return;
        }
        let is_valid = !cursor.has("NOT VALID");
        reading.found_under(rules::NEW_CONSTRAINT, self.span.clone(), self.about.clone(), BRIEFLY);
        if is_valid {
            let lock = (Lock::AccessExclusive, Work::Scan);
            reading.found_under(
                rules::ADD_CHECK_SCANS,
                self.span.clone(),
                self.about.clone(),
                lock,
            );
        }
        self.learn(condition.and_then(not_null_column), is_valid, reading);
    }

    fn foreign_key(self, cursor: Cursor<'_>, reading: &mut Reading) {
        if self.is_not_enforced(cursor, reading) {
            return;
        }
        let is_valid = !cursor.has("NOT VALID");
        let lock = (Lock::ShareRowExclusive, Work::Moment);
        reading.found_under(rules::NEW_CONSTRAINT, self.span.clone(), self.about.clone(), lock);
        if is_valid {
            let lock = (Lock::ShareRowExclusive, Work::Scan);
            let (span, about) = (self.span.clone(), self.about.clone());
            reading.found_under(rules::ADD_FOREIGN_KEY_SCANS, span, about, lock);
        }
        self.learn(None, is_valid, reading);
    }

    fn key(self, cursor: Cursor<'_>, is_primary: bool, reading: &mut Reading) {
        reading.found_under(rules::NEW_CONSTRAINT, self.span.clone(), self.about.clone(), BRIEFLY);
        let (rule, work) = match (cursor.is("USING INDEX"), is_primary) {
            (false, _) => (rules::ADD_UNIQUE_BUILDS, Work::Build),
            (true, true) => (rules::ADD_PRIMARY_KEY_SCANS, Work::Scan),
            (true, false) => (rules::USING_INDEX, Work::Moment),
        };
        reading.found_under(rule, self.span, self.about, (Lock::AccessExclusive, work));
    }

    fn not_null(self, mut cursor: Cursor<'_>, reading: &mut Reading) {
        let column = Some(cursor.name_text());
        let is_valid = !cursor.has("NOT VALID");
        reading.found_under(rules::SET_NOT_NULL, self.span.clone(), self.about.clone(), BRIEFLY);
        if is_valid {
            let lock = (Lock::AccessExclusive, Work::Scan);
            let (span, about) = (self.span.clone(), self.about.clone());
            reading.found_under(rules::SET_NOT_NULL_SCANS, span, about, lock);
        }
        needs(18, self.table.context, reading, &self.span);
        self.learn(column, is_valid, reading);
    }

    /// A constraint that is not enforced is neither proven nor checked.
    fn is_not_enforced(&self, cursor: Cursor<'_>, reading: &mut Reading) -> bool {
        let found = cursor.has("NOT ENFORCED");
        if found {
            reading.takes(Lock::AccessExclusive, Work::Moment);
            needs(18, self.table.context, reading, &self.span);
        }
        found
    }

    fn learn(self, not_null: Option<String>, valid: bool, reading: &mut Reading) {
        if let Some(name) = self.name {
            let table = self.table.name.clone();
            reading.learned(Fact::Constraint { table, name, not_null, valid });
        }
    }
}

/// The column of `column IS NOT NULL`, if that is all that the condition says.
fn not_null_column(mut condition: Cursor<'_>) -> Option<String> {
    while let Some(inner) = within_brackets(condition) {
        condition = inner;
    }
    let column = condition.name()?;
    (condition.eat("IS NOT NULL") && condition.is_end()).then(|| column.to_string())
}

/// What stands in the brackets around all of it, if there are any.
fn within_brackets(mut condition: Cursor<'_>) -> Option<Cursor<'_>> {
    condition.group().filter(|_| condition.is_end())
}
