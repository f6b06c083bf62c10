//! `ALTER TABLE`, clause by clause.

use core::ops::Range;

use crate::reading::{Context, Fact, Reading};
use crate::rule::{Rule, catalogue as rules};
use crate::server::Engine;
use crate::sql::{Cursor, ObjectName};

use super::online::{Asked, Way, report};
use super::{column, key, options};

/// The statement that a clause belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) name: &'a ObjectName,
    pub(super) context: Context<'a>,
    pub(super) asked: Asked,
    /// Whether the same statement adds a primary key, so that dropping one does not leave none.
    pub(super) gets_key: bool,
}

/// A clause of a statement, and where what it finds goes.
pub(super) struct Clause<'a, 'r> {
    pub(super) table: Table<'a>,
    pub(super) span: Range<usize>,
    pub(super) about: String,
    pub(super) reading: &'r mut Reading,
}

impl Clause<'_, '_> {
    /// It runs into this rule.
    pub(super) fn found(&mut self, rule: &'static Rule) {
        self.reading.found(rule, self.span.clone(), self.about.clone());
    }

    /// The server has this way for it.
    pub(super) fn goes(&mut self, way: Way) {
        report(way, self.table.asked, (self.span.clone(), self.about.clone()), self.reading);
    }

    /// What it is about.
    pub(super) fn is_about(&mut self, what: &str, name: Option<ObjectName>) {
        let table = self.table.name;
        self.about = match name {
            Some(name) => format!("{what} `{name}` of `{table}`"),
            None => format!("{what} of `{table}`"),
        };
    }

    /// Whether the server is a MySQL, and no MariaDB.
    pub(super) fn is_mysql(&self) -> bool {
        self.table.context.server.engine() == Engine::MySql
    }

    /// Whether the server is a MySQL before this version.
    pub(super) fn is_mysql_before(&self, major: u16, minor: u16, patch: u16) -> bool {
        self.is_mysql() && !self.table.context.server.is_at_least(major, minor, patch)
    }
}

/// Reads what follows `ALTER TABLE`.
pub(super) fn read(mut cursor: Cursor<'_>, context: Context<'_>, reading: &mut Reading) {
    let span = cursor.span();
    cursor.eat("IF EXISTS");
    let Some(name) = cursor.name() else {
        return reading.found(rules::UNKNOWN_STATEMENT, span, "");
    };
    if cursor.eat("WAIT") {
        cursor.advance();
    }
    cursor.eat("NOWAIT");
    let clauses = cursor.split_commas();
    let mut asked = Asked::default();
    let clauses: Vec<_> = clauses.into_iter().filter(|clause| !asked.hear(*clause)).collect();
    let gets_key =
        clauses.iter().any(|c| c.is("ADD PRIMARY KEY") || c.has("PRIMARY KEY") && c.is("ADD"));
    let table = Table { name: &name, context, asked, gets_key };
    let mut all = Reading::default();
    for cursor in clauses {
        let about = format!("`{name}`");
        clause(cursor, &mut Clause { table, span: cursor.span(), about, reading: &mut all });
    }
    if context.state.is_new(&name) {
        all.findings.clear();
        all.effect = reading.effect;
    }
    reading.join(all);
}

/// How a clause can begin; longer ones before shorter ones.
const WORDS: &[&str] = &[
    "ADD PARTITION",
    "ADD SYSTEM VERSIONING",
    "ADD",
    "DROP PARTITION",
    "DROP SYSTEM VERSIONING",
    "DROP",
    "MODIFY",
    "CHANGE",
    "RENAME COLUMN",
    "RENAME INDEX",
    "RENAME KEY",
    "RENAME",
    "ALTER INDEX",
    "ALTER KEY",
    "ALTER CHECK",
    "ALTER CONSTRAINT",
    "ALTER",
];

fn clause(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    match cursor.eat_any(WORDS) {
        Some("ADD PARTITION") => options::add_partition(cursor, clause),
        Some("ADD SYSTEM VERSIONING" | "DROP SYSTEM VERSIONING") => clause.goes(Way::Copy),
        Some("ADD") if key::begins(cursor) => key::add(cursor, clause),
        Some("ADD") => column::add(cursor, clause),
        Some("DROP PARTITION") => clause.found(rules::DROP_PARTITION),
        Some("DROP") if key::begins(cursor) => key::drop(cursor, clause),
        Some("DROP") => column::drop(cursor, clause),
        Some("MODIFY") => column::modify(cursor, clause),
        Some("CHANGE") => column::change(cursor, clause),
        Some("RENAME COLUMN") => column::rename(cursor, clause),
        Some("RENAME INDEX" | "RENAME KEY") => {
            clause.found(rules::RENAME_KEY);
            clause.goes(Way::InPlace);
        }
        Some("RENAME") => rename(cursor, clause),
        Some("ALTER INDEX" | "ALTER KEY") => key::alter(cursor, clause),
        Some("ALTER CHECK" | "ALTER CONSTRAINT") => key::enforce(cursor, clause),
        Some(_) => column::alter(cursor, clause),
        None => options::read(cursor, clause),
    }
}

fn rename(mut cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    cursor.eat_any(&["TO", "AS"]);
    clause.goes(Way::Metadata);
    clause.found(rules::RENAME_TABLE);
    if let Some(to) = cursor.name() {
        clause.reading.learned(Fact::Renamed { from: clause.table.name.clone(), to });
    }
}
