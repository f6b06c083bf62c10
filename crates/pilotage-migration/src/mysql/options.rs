//! Clauses of `ALTER TABLE` about options and partitions.

use crate::reading::Reading;
use crate::rule::catalogue as rules;
use crate::sql::Cursor;

use super::alter_table::Clause;
use super::online::Way;

/// Options that change the catalogue alone.
const METADATA: &[&str] = &[
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "CHARACTER SET",
    "CHARSET",
    "COLLATE",
    "COMMENT",
    "COMPRESSION",
    "DEFAULT",
    "DISABLE KEYS",
    "ENABLE KEYS",
    "MAX_ROWS",
    "MIN_ROWS",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
];

/// Options that build the table again.
const REBUILDS: &[&str] = &["FORCE", "ROW_FORMAT", "KEY_BLOCK_SIZE"];

/// Options that copy the table.
const COPIES: &[&str] =
    &["ENGINE", "ENCRYPTION", "ENCRYPTED", "ORDER BY", "PAGE_COMPRESSED", "TABLESPACE", "TYPE"];

/// Changes of partitions that move rows.
const MOVES: &[&str] = &[
    "PARTITION BY",
    "REMOVE PARTITIONING",
    "REORGANIZE PARTITION",
    "COALESCE PARTITION",
    "REBUILD PARTITION",
    "OPTIMIZE PARTITION",
    "REPAIR PARTITION",
    "CONVERT PARTITION",
    "CONVERT TABLE",
];

/// Reads options, which may follow each other without commas.
pub(super) fn read(cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let begins = |words: &[&str]| words.iter().any(|word| cursor.is(word));
    if begins(&["CONVERT TO"]) {
        clause.found(rules::CONVERTS_CHARSET);
        clause.goes(Way::Copy);
    } else if begins(MOVES) {
        clause.found(rules::PARTITIONING);
    } else if begins(&["TRUNCATE PARTITION", "EXCHANGE PARTITION"]) {
        clause.found(rules::DROP_PARTITION);
    } else if begins(&["DISCARD", "IMPORT"]) {
        clause.found(rules::UNKNOWN_STATEMENT);
    } else if begins(&["ANALYZE PARTITION", "CHECK PARTITION"]) {
        clause.found(rules::TABLE_MAINTENANCE);
    } else {
        options(cursor, clause);
    }
}

fn options(cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let has = |words: &[&str]| words.iter().any(|word| cursor.has(word));
    if has(COPIES) {
        clause.goes(Way::Copy);
    } else if has(REBUILDS) {
        clause.goes(Way::Rebuild);
    } else if METADATA.iter().any(|word| cursor.is(word)) {
        clause.goes(Way::Metadata);
    } else {
        clause.found(rules::UNKNOWN_STATEMENT);
    }
}

/// Reads what follows `ADD PARTITION`.
pub(super) fn add_partition(cursor: Cursor<'_>, clause: &mut Clause<'_, '_>) {
    let moves = cursor.is("PARTITIONS");
    clause.found(if moves { rules::PARTITIONING } else { rules::ADD_PARTITION });
}

/// Reads the `ALGORITHM` and `LOCK` that follow `CREATE INDEX` and `DROP INDEX`.
pub(super) fn asked(cursor: Cursor<'_>) -> super::online::Asked {
    let mut asked = super::online::Asked::default();
    let mut rest = cursor;
    while !rest.is_end() {
        asked.hear(rest);
        rest.skip();
    }
    asked
}

/// Reports nothing of a statement about a table that nobody uses yet.
pub(super) fn unless_new(is_new: bool, all: Reading, reading: &mut Reading) {
    if is_new {
        reading.facts.extend(all.facts);
    } else {
        reading.join(all);
    }
}
