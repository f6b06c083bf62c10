//! Rules about everything but `ALTER TABLE` in Postgres.

use super::rules;

rules! {
    CREATE_INDEX_BLOCKS = "create-index-blocks", Locks, "builds an index while nobody can write",
        "the table is locked against writes until the index is built",
        "`CREATE INDEX CONCURRENTLY`, in a file of its own";
    UNIQUE_INDEX = "unique-index", Care, "adds a unique index",
        "writes of the running version that repeat a value fail from now on",
        "make sure, with a query, that what the running version writes is unique";
    DROP_INDEX_BLOCKS = "drop-index-blocks", Locks, "drops an index while nobody can read or write",
        "it waits for all that use the table, and all that come wait behind it",
        "`DROP INDEX CONCURRENTLY`, in a file of its own";
    DROP_INDEX = "drop-index", Care, "drops an index",
        "plans of the running version may become slow; a unique index guards the data as well",
        "make sure, in `pg_stat_user_indexes`, that it is not used";
    REINDEX_BLOCKS = "reindex-blocks", Locks, "builds an index again while nobody can write",
        "writes wait, and so do reads that would use the index",
        "`REINDEX ... CONCURRENTLY`, in a file of its own";
    ALTER_INDEX = "alter-index", Care, "changes an index",
        "it takes a strong lock for a moment",
        "keep it the only strong lock of its transaction";
    CONCURRENTLY_IN_TRANSACTION = "concurrently-in-transaction", Form, "cannot run in a transaction and stands in one",
        "the server refuses it",
        "move it to a file of its own, without `BEGIN`";
    CONCURRENTLY_WITH_OTHERS = "concurrently-with-others", Form, "cannot run in a transaction, and others in the file should",
        "without a transaction a failure half-way leaves half of the file done, and an invalid index behind",
        "move it to a file of its own";
    TRANSACTION_CONTROL = "transaction-control", Care, "begins or ends a transaction by itself",
        "the runner puts a file into one transaction and would be cut out of it",
        "leave it out; put what must be apart into files of their own";
    SEVERAL_STRONG_LOCKS = "several-strong-locks", Care, "takes a strong lock while another one is held",
        "locks are held to the end of the transaction, so the first table waits for the second, and two may wait for each other",
        "change one table in each file";
    VACUUM_FULL = "vacuum-full", Locks, "writes the whole table again",
        "nobody can read or write meanwhile",
        "use a tool that copies beside (`pg_repack`), outside the release";
    MAINTENANCE = "maintenance", Care, "is maintenance, not a migration",
        "it reads much and belongs to no release",
        "run it outside the release";
    REFRESH_BLOCKS = "refresh-blocks", Locks, "fills a materialised view while nobody can read it",
        "readers wait until the query is done",
        "`REFRESH MATERIALIZED VIEW CONCURRENTLY`, which needs a unique index";
    DO_BLOCK = "do-block", Opaque, "runs a block of code",
        "what it does depends on what it finds",
        "write the statements themselves, or review and say `-- pilotage: allow do-block because ...`";
    ENUM_VALUE = "enum-value", Care, "adds a value to an enum",
        "the running version cannot decode it, and it cannot be taken away again",
        "release readers that know the value before the first writer of it";
    RENAME_ENUM_VALUE = "rename-enum-value", Breaks, "renames a value of an enum",
        "the running version reads and writes the old value",
        "add a value, backfill, and stop using the old one";
    CHANGE_TYPE_ATTRIBUTE = "change-type-attribute", Breaks, "changes the attributes of a composite type",
        "the running version reads and writes the old shape",
        "create a type under a new name";
    ADD_TYPE_ATTRIBUTE = "add-type-attribute", Care, "adds an attribute to a composite type",
        "the running version reads and writes rows without it",
        "make sure that the running version names the attributes that it uses";
    DOMAIN_SCANS = "domain-scans", Locks, "proves a constraint for every column of the domain",
        "all tables that use it are read under a lock against writes",
        "add it `NOT VALID`, then `VALIDATE CONSTRAINT` in a file of its own";
    CREATE_RULE = "create-rule", Care, "rewrites queries of a table",
        "queries of the running version do something else from now on",
        "use a trigger, or a view under a new name";
    CREATE_AS = "create-as", Care, "copies as many rows as a query finds",
        "its size is not seen in the text",
        "create the table empty, and fill it in batches";
    SEQUENCE_VALUE = "sequence-value", Breaks, "changes which numbers a sequence gives",
        "the running version may get numbers that exist already",
        "only move it forward, in a contract file";
    SEQUENCE_OPTION = "sequence-option", Care, "changes a sequence",
        "numbers that the running version gets may leave gaps or end",
        "make sure that the running version does not care";
    CHANGE_FUNCTION = "change-function", Care, "changes how a function runs",
        "the running version calls it under other rules from now on",
        "make sure that the running version works under both";
    ALTER_EXTENSION = "alter-extension", Care, "changes an extension",
        "functions and types that the running version uses may change",
        "read its release notes, and try it with the running version";
    PUBLICATION = "publication", Care, "changes what is replicated",
        "subscribers get other rows from now on",
        "make sure that subscribers expect it";
    NEEDS_NEWER_SERVER = "needs-newer-server", Form, "is not known to this version of the server",
        "the server refuses it",
        "write it another way, or name the right server with `--server`";
}
