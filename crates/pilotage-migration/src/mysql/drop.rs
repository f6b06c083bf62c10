//! `DROP`, `RENAME TABLE` and `TRUNCATE`.

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Rule, Work, catalogue as rules};
use crate::sql::Cursor;

use super::alter_table::{Clause, Table};
use super::online::Way;
use super::options::{asked, unless_new};

const KINDS: &[&str] = &[
    "TEMPORARY TABLE",
    "TABLE",
    "TABLES",
    "INDEX",
    "VIEW",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "PACKAGE",
    "EVENT",
    "SEQUENCE",
    "DATABASE",
    "SCHEMA",
    "USER",
    "ROLE",
    "TABLESPACE",
    "SERVER",
    "PREPARE",
];

/// Everything waits for a moment.
const BRIEFLY: (Lock, Work) = (Lock::MetadataExclusive, Work::Moment);

/// Reads what follows `DROP`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    match cursor.eat_any(KINDS) {
        Some("PREPARE") => {}
        Some("TEMPORARY TABLE") => {
            cursor.eat("IF EXISTS");
            let names = cursor.split_commas().into_iter().filter_map(|mut part| part.name());
            reading.facts.extend(names.map(Fact::Dropped));
        }
        Some("TABLE" | "TABLES") => each(cursor, rules::DROP_TABLE, context, reading),
        Some("INDEX") => index(cursor, context, reading),
        Some("TRIGGER") => reading.found_under(rules::DROP_TRIGGER, span, "", BRIEFLY),
        Some(
            "VIEW" | "PROCEDURE" | "FUNCTION" | "PACKAGE" | "EVENT" | "SEQUENCE" | "DATABASE"
            | "SCHEMA",
        ) => {
            each(cursor, rules::DROP_OBJECT, context, reading);
        }
        Some(_) => reading.found(rules::SERVER_SETTING, span, ""),
        None => reading.found(rules::UNKNOWN_STATEMENT, span, ""),
    }
}

/// Reads a list of names.
fn each(mut cursor: Cursor<'_>, rule: &'static Rule, context: Context<'_>, reading: &mut Reading) {
    cursor.eat("IF EXISTS");
    for mut part in cursor.split_commas() {
        let span = part.span();
        let Some(name) = part.name() else { continue };
        if context.state.is_new(&name) {
            reading.facts.extend((rule != rules::TRUNCATE).then_some(Fact::Dropped(name)));
            continue;
        }
        reading.found_under(rule, span, format!("`{name}`"), BRIEFLY);
    }
}

fn index(cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    let Some(name) = cursor.find("ON").and_then(|mut after| after.name()) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    let mut all = Reading::default();
    let table = Table { name: &name, context, asked: asked(cursor), gets_key: false };
    let about = format!("on `{name}`");
    let mut clause = Clause { table, span, about, reading: &mut all };
    clause.found(rules::DROP_KEY);
    clause.goes(Way::InPlace);
    unless_new(context.state.is_new(&name), all, reading);
}

/// Reads what follows `RENAME`.
pub(super) fn rename(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    if cursor.is("USER") {
        return reading.found(rules::SERVER_SETTING, span, "");
    }
    if cursor.eat_any(&["TABLE", "TABLES"]).is_none() {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    }
    cursor.eat("IF EXISTS");
    for mut part in cursor.split_commas() {
        let span = part.span();
        let Some(from) = part.name() else { continue };
        part.eat("TO");
        if !context.state.is_new(&from) {
            reading.found_under(rules::RENAME_TABLE, span, format!("`{from}`"), BRIEFLY);
        }
        reading.facts.extend(part.name().map(|to| Fact::Renamed { from, to }));
    }
}

/// Reads what follows `TRUNCATE`.
pub(super) fn truncate(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    cursor.eat("TABLE");
    each(cursor, rules::TRUNCATE, context, reading);
}
