//! `ALTER TABLE`, action by action.

use core::ops::Range;

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Lock, Work, catalogue as rules};
use crate::sql::{Cursor, ObjectName};

use super::{add_column, alter_column, constraint};

/// What most actions take: everything else waits, but only for a moment.
pub(super) const BRIEFLY: (Lock, Work) = (Lock::AccessExclusive, Work::Moment);

/// The table that an action is about, and what is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) name: &'a ObjectName,
    pub(super) context: Context<'a>,
    /// The whole action.
    action: Cursor<'a>,
}

impl Table<'_> {
    /// A thing of this table, as it is shown.
    pub(super) fn about(&self, what: &str, name: &str) -> String {
        format!("{what} `{name}` of `{}`", self.name)
    }

    /// Where the action stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.action.span()
    }

    /// The table itself, as it is shown.
    pub(super) fn itself(&self) -> String {
        format!("`{}`", self.name)
    }
}

/// Reads what follows `ALTER TABLE`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let whole = cursor;
    if cursor.is("ALL IN TABLESPACE") {
        return reading.found_under(rules::REWRITE_TABLE, whole.span(), "", rewrite());
    }
    cursor.eat("IF EXISTS");
    cursor.eat("ONLY");
    let Some(name) = cursor.name() else {
        return reading.found(rules::UNKNOWN_STATEMENT, whole.span(), "");
    };
    cursor.eat_symbol(b'*');
    let mut all = Reading::default();
    for action in cursor.split_commas() {
        self::action(&Table { name: &name, context, action }, &mut all);
    }
    if context.state.is_new(&name) {
        // Nobody can wait for the lock of a table that only this transaction knows.
        let touches_others =
            |finding: &crate::rule::Finding| finding.rule == rules::NEEDS_NEWER_SERVER;
        all.findings.retain(touches_others);
        all.effect = reading.effect;
    }
    reading.join(all);
}

/// What a rewrite takes.
pub(super) const fn rewrite() -> (Lock, Work) {
    (Lock::AccessExclusive, Work::Rewrite)
}

fn action(table: &Table<'_>, reading: &mut Reading) {
    let (mut cursor, span) = (table.action, table.span());
    let Some(word) = cursor.eat_any(WORDS) else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, table.itself());
    };
    match word {
        "ADD" if constraint::begins(cursor) => constraint::add(cursor, table, reading),
        "ADD" => add_column::read(cursor, table, reading),
        "ALTER CONSTRAINT" => {
            reading.found_under(rules::NEW_CONSTRAINT, span, table.itself(), BRIEFLY);
        }
        "ALTER" => alter_column::read(cursor, table, reading),
        "DROP CONSTRAINT" => drop_constraint(cursor, table, reading),
        "DROP" => drop_column(cursor, table, reading),
        "RENAME" => rename(cursor, table, reading),
        "SET" => set(cursor, table, reading),
        "VALIDATE CONSTRAINT" => constraint::validate(cursor, table, reading),
        "ATTACH PARTITION" => attach(cursor, table, reading),
        "DETACH PARTITION" => detach(cursor, table, reading),
        "ENABLE ROW LEVEL SECURITY"
        | "DISABLE ROW LEVEL SECURITY"
        | "FORCE ROW LEVEL SECURITY"
        | "NO FORCE ROW LEVEL SECURITY" => {
            reading.found_under(rules::ROW_SECURITY, span, table.itself(), BRIEFLY);
        }
        "ENABLE" | "DISABLE" => {
            let lock = (Lock::ShareRowExclusive, Work::Moment);
            reading.found_under(rules::SWITCH_TRIGGERS, span, table.itself(), lock);
        }
        "INHERIT" | "NO INHERIT" => {
            reading.found_under(rules::INHERIT, span, table.itself(), BRIEFLY);
        }
        "OF" | "NOT OF" => reading.found_under(rules::TYPED_TABLE, span, table.itself(), BRIEFLY),
        "OWNER TO" => reading.found_under(rules::OWNER, span, table.itself(), BRIEFLY),
        "REPLICA IDENTITY NOTHING" => {
            reading.found_under(rules::REPLICA_IDENTITY_NOTHING, span, table.itself(), BRIEFLY);
        }
        "REPLICA IDENTITY" => {
            reading.found_under(rules::REPLICA_IDENTITY, span, table.itself(), BRIEFLY);
        }
        // `RESET (...)` and `CLUSTER ON` change settings of the storage only.
        _ => reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
    }
}

/// How an action can begin; longer ones before shorter ones.
const WORDS: &[&str] = &[
    "ADD",
    "ALTER CONSTRAINT",
    "ALTER",
    "DROP CONSTRAINT",
    "DROP",
    "RENAME",
    "SET",
    "VALIDATE CONSTRAINT",
    "ATTACH PARTITION",
    "DETACH PARTITION",
    "ENABLE ROW LEVEL SECURITY",
    "DISABLE ROW LEVEL SECURITY",
    "FORCE ROW LEVEL SECURITY",
    "NO FORCE ROW LEVEL SECURITY",
    "ENABLE",
    "DISABLE",
    "INHERIT",
    "NO INHERIT",
    "OF",
    "NOT OF",
    "OWNER TO",
    "REPLICA IDENTITY NOTHING",
    "REPLICA IDENTITY",
    "RESET",
    "CLUSTER ON",
];

fn drop_column(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    cursor.eat("COLUMN");
    cursor.eat("IF EXISTS");
    let span = table.span();
    let name = cursor.name_text();
    let about = table.about("column", &name);
    reading.found_under(rules::DROP_COLUMN, span.clone(), about.clone(), BRIEFLY);
    if cursor.is("CASCADE") {
        reading.found(rules::DROP_CASCADE, span, about);
    }
}

fn drop_constraint(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    cursor.eat("IF EXISTS");
    let span = table.span();
    let name = cursor.name_text();
    let about = table.about("constraint", &name);
    reading.found_under(rules::DROP_CONSTRAINT, span.clone(), about.clone(), BRIEFLY);
    if cursor.is("CASCADE") {
        reading.found(rules::DROP_CASCADE, span, about);
    }
}

fn rename(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    if cursor.eat("TO") {
        reading.found_under(rules::RENAME_TABLE, span, table.itself(), BRIEFLY);
        if let Some(to) = cursor.name() {
            reading.learned(Fact::Renamed { from: table.name.clone(), to });
        }
    } else if cursor.eat("CONSTRAINT") {
        let name = cursor.name_text();
        reading.found_under(rules::RENAME_OBJECT, span, table.about("constraint", &name), BRIEFLY);
    } else {
        cursor.eat("COLUMN");
        let name = cursor.name_text();
        reading.found_under(rules::RENAME_COLUMN, span, table.about("column", &name), BRIEFLY);
    }
}

fn set(cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    match cursor.word().as_str() {
        "SCHEMA" => reading.found_under(rules::RENAME_OBJECT, span, table.itself(), BRIEFLY),
        "TABLESPACE" | "LOGGED" | "UNLOGGED" => {
            reading.found_under(rules::REWRITE_TABLE, span, table.itself(), rewrite());
        }
        "ACCESS" => {
            reading.found_under(rules::REWRITE_TABLE, span.clone(), table.itself(), rewrite());
            needs(15, table.context, reading, &span);
        }
        "WITHOUT" | "" => reading.takes(Lock::ShareUpdateExclusive, Work::Moment),
        _ => reading.found(rules::UNKNOWN_STATEMENT, span, table.itself()),
    }
}

/// Says so where the server is older than this major version.
pub(super) fn needs(major: u16, context: Context<'_>, reading: &mut Reading, span: &Range<usize>) {
    if !context.server.is_at_least(major, 0, 0) {
        let about = format!("it came with Postgres {major}");
        reading.found(rules::NEEDS_NEWER_SERVER, span.clone(), about);
    }
}

fn attach(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    let Some(partition) = cursor.name() else { return };
    reading.takes(Lock::ShareUpdateExclusive, Work::Moment);
    let is_new = table.context.state.is_new(&partition);
    let rule = if is_new { rules::ATTACH_READS_DEFAULT } else { rules::ATTACH_PARTITION };
    let about = format!("`{partition}` to `{}`", table.name);
    reading.found_under(rule, span, about, (Lock::AccessExclusive, Work::Scan));
}

fn detach(mut cursor: Cursor<'_>, table: &Table<'_>, reading: &mut Reading) {
    let span = table.span();
    let name = cursor.name_text();
    let about = table.about("partition", &name);
    if cursor.eat("CONCURRENTLY") {
        needs(14, table.context, reading, &span);
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
        reading.runs_alone();
    } else if cursor.eat("FINALIZE") {
        needs(14, table.context, reading, &span);
        reading.takes(Lock::ShareUpdateExclusive, Work::Concurrent);
    } else {
        reading.found_under(rules::DETACH_BLOCKS, span.clone(), about.clone(), BRIEFLY);
    }
    reading.found(rules::DETACH_PARTITION, span, about);
}
