//! Rules about `ALTER TABLE` in Postgres.

use super::rules;

rules! {
    ADD_COLUMN_REWRITES = "add-column-rewrites", Locks, "adds a column whose value differs from row to row",
        "a volatile default, an identity, a sequence or a stored expression writes every row again, and nobody reads meanwhile",
        "add the column without it, set the default for new rows, backfill in batches";
    ADD_COLUMN_SCANS = "add-column-scans", Locks, "adds a column with a check that reads all rows",
        "the check is proven for every row while nobody can read",
        "add the column alone, then the constraint `NOT VALID`, then `VALIDATE CONSTRAINT` in a file of its own";
    ADD_COLUMN_BUILDS = "add-column-builds", Locks, "adds a column with an index of its own",
        "the index of a unique or primary key is built while nobody can read or write",
        "add the column, build the index `CONCURRENTLY`, then `ADD CONSTRAINT ... USING INDEX`";
    ADD_COLUMN_REFERENCES = "add-column-references", Care, "adds a column that references another table",
        "for a moment nobody can write to either table, and writes are checked from then on",
        "keep it the only strong lock of its transaction, with a short lock timeout";
    CHANGE_TYPE_REWRITES = "change-type-rewrites", Locks, "may write the whole table again",
        "all but a few widenings write every row and build every index again while nobody can read",
        "add a new column instead; for a widening that changes no row (`varchar(n)` to `text`) say `-- pilotage: allow change-type-rewrites because ...`";
    SET_NOT_NULL_SCANS = "set-not-null-scans", Locks, "reads the whole table to prove that no NULL is there",
        "nobody can read or write meanwhile",
        "add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a later file, then set NOT NULL, which then trusts it";
    ADD_CHECK_SCANS = "add-check-scans", Locks, "adds a check that is proven for every row at once",
        "nobody can read or write while the whole table is read",
        "add it `NOT VALID`, then `VALIDATE CONSTRAINT` in a file of its own";
    ADD_FOREIGN_KEY_SCANS = "add-foreign-key-scans", Locks, "adds a foreign key that is proven for every row at once",
        "nobody can write to either table while the whole table is read",
        "add it `NOT VALID`, then `VALIDATE CONSTRAINT` in a file of its own";
    ADD_UNIQUE_BUILDS = "add-unique-builds", Locks, "builds the index of a key while nobody can read or write",
        "a unique or primary key without `USING INDEX` builds its index under the strongest lock",
        "`CREATE UNIQUE INDEX CONCURRENTLY`, then `ADD CONSTRAINT ... USING INDEX`";
    ADD_PRIMARY_KEY_SCANS = "add-primary-key-scans", Locks, "makes the columns of the key NOT NULL first",
        "columns that are not declared so yet are read under the strongest lock",
        "set NOT NULL before, by way of a validated check, or say that the columns are NOT NULL already";
    ADD_EXCLUDE = "add-exclude", Locks, "adds an exclusion constraint",
        "its index is built while nobody can read or write, and there is no other way",
        "create a new table with it, and move the rows in batches";
    USING_INDEX = "using-index", Care, "makes a key of an index",
        "nobody can read or write for a moment",
        "keep it the only strong lock of its transaction, with a short lock timeout";
    VALIDATE_IN_SAME_FILE = "validate-in-same-file", Locks, "proves a constraint in the file that adds it",
        "files run in one transaction, so the strong lock of the addition is held while the whole table is read",
        "move `VALIDATE CONSTRAINT` to a file of its own";
    ATTACH_PARTITION = "attach-partition", Locks, "attaches a partition that has rows",
        "the partition, and the default partition if there is one, is read while nobody can use it",
        "add and validate a `CHECK` with the same bounds first; then say `-- pilotage: allow attach-partition because ...`";
    ATTACH_READS_DEFAULT = "attach-reads-default", Locks, "attaches a new partition beside a default one",
        "the default partition, if there is one, is read while nobody can use it",
        "prove by a `CHECK` of the default partition that it has no such rows; or, where there is none, say `-- pilotage: allow attach-reads-default because ...`";
    DETACH_PARTITION = "detach-partition", Breaks, "takes the rows of a partition away",
        "the running version does not find them any more",
        "do it in a contract file, when no running version needs the rows";
    DETACH_BLOCKS = "detach-blocks", Locks, "detaches a partition while nobody can use the table",
        "the parent is locked against reads and writes, and waits for all that use it",
        "`DETACH PARTITION ... CONCURRENTLY` (Postgres 14), outside a transaction";
    PARTITION_OF = "partition-of", Locks, "creates a partition inside a table that is in use",
        "the parent is locked against reads and writes, and its default partition is read",
        "create a table of its own, then `ATTACH PARTITION`, which spares the parent";
    INHERIT = "inherit", Care, "changes what a table inherits",
        "queries of the parent find other rows from now on",
        "make sure that the running version expects them";
    REWRITE_TABLE = "rewrite-table", Locks, "writes the whole table again",
        "nobody can read or write meanwhile",
        "use a tool that copies beside (`pg_repack`), outside the release";
    SWITCH_TRIGGERS = "switch-triggers", Breaks, "switches triggers or rules",
        "writes of the running version do other work from now on",
        "do it in a contract file, when no running version relies on the old behaviour";
    ROW_SECURITY = "row-security", Breaks, "changes which rows are visible",
        "the running version may see or write other rows, or be refused",
        "release a version that works under both, then change the policy in a contract file";
    REPLICA_IDENTITY_NOTHING = "replica-identity-nothing", Breaks, "takes the identity of replicated rows away",
        "updates and deletes of published tables fail",
        "use `REPLICA IDENTITY USING INDEX`";
    REPLICA_IDENTITY = "replica-identity", Care, "changes how replicated rows are identified",
        "subscribers get other columns from now on, and nobody can read or write for a moment",
        "make sure that subscribers expect it";
    IDENTITY = "identity", Breaks, "changes how a column gets its value",
        "inserts of the running version that name the column, or leave it out, may fail",
        "do it in a contract file, when every running version inserts in a way that both accept";
    DROP_EXPRESSION = "drop-expression", Breaks, "makes a generated column a plain one",
        "inserts of the running version leave it out, and it becomes NULL",
        "do it in a contract file, when every running version writes the column";
    TYPED_TABLE = "typed-table", Care, "binds a table to a type, or frees it",
        "later changes of the type change the table",
        "make sure that nothing else uses the type";
    OWNER = "owner", Care, "changes the owner",
        "who may change or use the object changes with it",
        "make sure that the role of the running version keeps its permissions";
}
