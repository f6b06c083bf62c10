//! `CREATE` of everything.

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table::{Clause, Table};
use super::online::Way;
use super::options::{asked, unless_new};

const KINDS: &[&str] = &[
    "TABLE",
    "UNIQUE INDEX",
    "FULLTEXT INDEX",
    "SPATIAL INDEX",
    "VECTOR INDEX",
    "INDEX",
    "VIEW",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "AGGREGATE FUNCTION",
    "PACKAGE",
    "EVENT",
    "SEQUENCE",
    "DATABASE",
    "SCHEMA",
    "USER",
    "ROLE",
    "TABLESPACE",
    "SERVER",
    "LOGFILE",
    "RESOURCE",
];

/// Reads what follows `CREATE`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let replaces = cursor.eat("OR REPLACE");
    let is_temporary = cursor.eat("TEMPORARY");
    cursor.eat_any(&["ONLINE", "OFFLINE"]);
    skip_attributes(&mut cursor);
    match cursor.eat_any(KINDS) {
        Some("TABLE") => table(cursor, replaces && !is_temporary, reading),
        Some("UNIQUE INDEX") => index(cursor, Way::Build, true, context, reading),
        Some("INDEX") => index(cursor, Way::Build, false, context, reading),
        Some("FULLTEXT INDEX" | "SPATIAL INDEX" | "VECTOR INDEX") => {
            index(cursor, Way::BlockingBuild, false, context, reading);
        }
        Some("VIEW") if replaces => reading.found(rules::CHANGE_VIEW, span, ""),
        Some("VIEW" | "SEQUENCE") => created(cursor, reading),
        Some("TRIGGER") => {
            let lock = (Lock::MetadataBriefly, Work::Moment);
            reading.found_under(rules::CREATE_TRIGGER, span.clone(), "", lock);
            reading.found(rules::FUNCTION_BODY, span, "");
        }
        Some("PROCEDURE" | "FUNCTION" | "AGGREGATE FUNCTION" | "PACKAGE") => {
            reading.found(rules::FUNCTION_BODY, span, "");
        }
        Some("EVENT") => reading.found(rules::EVENT, span, ""),
        Some(_) => reading.found(rules::SERVER_SETTING, span, ""),
        None => reading.found(rules::UNKNOWN_STATEMENT, span, ""),
    }
}

/// Goes past `ALGORITHM = x`, `DEFINER = a@b` and `SQL SECURITY x`.
fn skip_attributes(cursor: &mut Cursor<'_>) {
    loop {
        if cursor.eat("SQL SECURITY") || cursor.eat("ALGORITHM") {
            cursor.eat_symbol(b'=');
            cursor.advance();
        } else if cursor.eat("DEFINER") {
            while !cursor.is_end()
                && !KINDS.iter().any(|kind| cursor.is(kind))
                && !cursor.is("SQL SECURITY")
            {
                cursor.skip();
            }
        } else {
            return;
        }
    }
}

fn created(mut cursor: Cursor<'_>, reading: &mut Reading) {
    if !cursor.eat("IF NOT EXISTS") {
        reading.facts.extend(cursor.name().map(Fact::Created));
    }
}

fn table(mut cursor: Cursor<'_>, replaces: bool, reading: &mut Reading) {
    let is_known_new = !cursor.eat("IF NOT EXISTS");
    let span = cursor.span();
    let Some(name) = cursor.name() else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    let about = format!("`{name}`");
    if replaces {
        reading.found(rules::DROP_TABLE, span.clone(), about.clone());
    }
    if cursor.has("SELECT") || cursor.find("AS").is_some_and(|query| query.is_symbol(b'(')) {
        reading.found(rules::CREATE_AS, span, about);
    } else if cursor.has_anywhere("REFERENCES") {
        reading.takes(Lock::MetadataBriefly, Work::Moment);
    }
    if is_known_new {
        reading.learned(Fact::Created(name));
    }
}

fn index(
    mut cursor: Cursor<'_>,
    way: Way,
    is_unique: bool,
    context: Context<'_>,
    reading: &mut Reading,
) {
    let span = cursor.span();
    cursor.eat("IF NOT EXISTS");
    let Some(name) = cursor.find("ON").and_then(|mut after| after.name()) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    let mut all = Reading::default();
    let table = Table { name: &name, context, asked: asked(cursor), gets_key: false };
    let about = format!("on `{name}`");
    let mut clause = Clause { table, span, about, reading: &mut all };
    if is_unique {
        clause.found(rules::UNIQUE_KEY);
    }
    clause.goes(way);
    unless_new(context.state.is_new(&name), all, reading);
}
