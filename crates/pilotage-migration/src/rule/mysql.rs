//! Rules about MySQL and MariaDB.

use super::rules;

rules! {
    COPIES_TABLE = "copies-table", Locks, "copies the whole table while nobody can write",
        "the server has no other way for this change (`ALGORITHM=COPY`)",
        "use a tool that copies beside (`gh-ost`, `pt-online-schema-change`), outside the release";
    REBUILDS_TABLE = "rebuilds-table", Locks, "builds the whole table again",
        "reads and writes go on, but it takes long, needs the space twice, and replicas stand still meanwhile",
        "use a tool that copies beside (`gh-ost`, `pt-online-schema-change`), outside the release";
    BUILDS_BLOCKING = "builds-blocking", Locks, "builds an index while nobody can write",
        "full-text and spatial indexes cannot be built beside writes",
        "use a tool that copies beside, or create the index with the table";
    ONLINE_BUILD = "online-build", Care, "builds an index",
        "reads and writes go on, but replicas run it by itself and lag",
        "say `ALGORITHM=INPLACE, LOCK=NONE`, so that the server refuses rather than blocks";
    UNIQUE_KEY = "unique-key", Care, "adds a unique index",
        "writes of the running version that repeat a value fail from now on",
        "make sure, with a query, that what the running version writes is unique";
    DROP_KEY = "drop-key", Care, "drops an index",
        "plans of the running version may become slow; a unique index guards the data as well",
        "make it invisible first (`ALTER INDEX ... INVISIBLE`, MariaDB: `IGNORED`), and drop it a release later";
    HIDE_KEY = "hide-key", Care, "hides an index from the optimizer",
        "plans of the running version may become slow",
        "watch the slow queries, and make it visible again if they grow";
    RENAME_KEY = "rename-key", Breaks, "renames an index",
        "queries of the running version that hint at the old name fail",
        "do it in a contract file, when no running version hints at it";
    PRIMARY_KEY_CHANGE = "primary-key-change", Breaks, "changes the primary key",
        "updates and deletes by the old key lose their index, and duplicates may appear",
        "move the rows to a new table with the new key";
    MAY_COPY = "may-copy", Locks, "may copy the whole table while nobody can write",
        "whether a new definition of a column copies depends on the old one, which is not in the text",
        "say `ALGORITHM=INPLACE, LOCK=NONE` (or `INSTANT`), so that the server refuses rather than copies";
    REDEFINES_COLUMN = "redefines-column", Breaks, "gives a column a new definition",
        "the old one is not in the text; type, NULL, default and character set may all change",
        "add a new column instead; if only more values fit, say `-- pilotage: allow redefines-column because ...`";
    ENUM_CHANGE = "enum-change", Breaks, "gives an enum or a set a new list of values",
        "a value that is gone, moved or unknown breaks readers and writers of the running version",
        "append values at the end only, and say `-- pilotage: allow enum-change because ...`";
    ALGORITHM_REFUSED = "algorithm-refused", Form, "asks for an algorithm that the server does not have for it",
        "the server refuses the statement",
        "use the algorithm that the manual names for this version";
    ROW_VERSIONS = "row-versions", Care, "gives the table one more row version",
        "MySQL 8.0.29 to 8.0.31 can corrupt tables with row versions, in backups and after a crash",
        "say `ALGORITHM=INPLACE`, or upgrade the server first";
    FOREIGN_KEY_COPIES = "foreign-key-copies", Locks, "adds a foreign key that is proven for every row",
        "the table is copied while nobody can write, unless checks are off, and then nothing is proven",
        "check the rows with a query, then add it in a session with `foreign_key_checks=0`";
    DROP_FOREIGN_KEY = "drop-foreign-key", Care, "drops a foreign key",
        "the data may become what the running version does not expect",
        "make sure that no running version relies on it";
    CONVERTS_CHARSET = "converts-charset", Breaks, "changes the character set of the data",
        "comparisons, lengths and indexes of the running version change with it",
        "add a new column, or move the rows to a new table";
    PARTITIONING = "partitioning", Locks, "changes partitions",
        "rows are copied between partitions while nobody can write",
        "use a tool that copies beside, outside the release";
    ADD_PARTITION = "add-partition", Care, "adds a partition",
        "nobody can read or write for a moment",
        "keep a short lock timeout";
    DROP_PARTITION = "drop-partition", Breaks, "drops the rows of a partition",
        "the running version does not find them any more",
        "do it in a contract file, when no running version needs the rows";
    TABLE_MAINTENANCE = "table-maintenance", Care, "is maintenance, not a migration",
        "it belongs to no release",
        "run it outside the release";
    CHANGE_VIEW = "change-view", Care, "changes a view",
        "the running version gets the rows of the new query under the old name",
        "only append columns; for anything else create a view under a new name";
    EVENT = "event", Opaque, "schedules code",
        "it runs later, when nobody watches",
        "schedule work where the infrastructure is described";
    IMPLICIT_COMMIT = "implicit-commit", Care, "stands in a transaction that it ends",
        "statements that change the schema commit what went before, so a failure half-way cannot be taken back",
        "leave `START TRANSACTION` out, and change the schema in a file of its own";
    CHECKS_OFF = "checks-off", Care, "switches checks off",
        "rows that violate a key or a type are accepted silently",
        "switch them on again in the same file, and check the rows with a query";
    INLINE_REFERENCES = "inline-references", Form, "declares a reference that the server ignores",
        "MySQL before 9 reads `REFERENCES` beside a column and does nothing",
        "write `FOREIGN KEY (column) REFERENCES ...` as a constraint of the table";
}
