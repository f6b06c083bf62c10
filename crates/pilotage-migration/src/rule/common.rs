//! Rules that hold for every server.

use super::rules;

rules! {
    DROP_TABLE = "drop-table", Breaks, "drops a table",
        "the running version still reads or writes it until the last unit is replaced, and its rows are gone for a rollback",
        "release a version that does not use it, wait until no older one runs, then drop it in a contract file";
    DROP_COLUMN = "drop-column", Breaks, "drops a column",
        "the running version still selects or inserts it, and mappers cache the list of columns",
        "release a version that does not use it, wait until no older one runs, then drop it in a contract file";
    DROP_OBJECT = "drop-object", Breaks, "drops something that the running version may use",
        "queries of the running version that mention it fail at once",
        "release a version that does not use it, wait until no older one runs, then drop it in a contract file";
    DROP_CASCADE = "drop-cascade", Breaks, "drops whatever depends on it, unseen",
        "`CASCADE` removes views, foreign keys and columns that the file does not name, so nobody can review them",
        "drop each dependent object by its name first, without `CASCADE`";
    RENAME_TABLE = "rename-table", Breaks, "renames a table",
        "the running version uses the old name",
        "create the new name beside the old one (a view, or a new table that is written twice) and drop the old one in a contract file";
    RENAME_COLUMN = "rename-column", Breaks, "renames a column",
        "the running version uses the old name",
        "add the new column, write both, backfill in batches, read the new one, drop the old one in a contract file";
    RENAME_OBJECT = "rename-object", Breaks, "renames or moves something that the running version may use",
        "the running version uses the old name",
        "create it under the new name beside the old one, and drop the old one in a contract file";
    CHANGE_TYPE = "change-type", Breaks, "changes the type of a column",
        "the running version binds and decodes the old type",
        "add a new column, write both, backfill in batches, read the new one, drop the old one in a contract file";
    ADD_REQUIRED_COLUMN = "add-required-column", Breaks, "adds a column that must be given and has no default",
        "inserts of the running version do not name it and fail; on a table with rows the statement itself fails",
        "add it with a constant default, or nullable, and require it in a contract file";
    SET_NOT_NULL = "set-not-null", Breaks, "forbids NULL in a column that exists",
        "inserts and updates of the running version that leave it out fail",
        "do it in a contract file, when every version that still runs writes the column";
    DROP_DEFAULT = "drop-default", Breaks, "drops the default of a column",
        "inserts of the running version that leave the column out get NULL or fail",
        "do it in a contract file, when every version that still runs writes the column";
    SET_DEFAULT = "set-default", Care, "changes the default of a column",
        "rows that the running version inserts without the column get the new value",
        "make sure that the running version can read the new value";
    DROP_NOT_NULL = "drop-not-null", Care, "allows NULL in a column",
        "the running version may meet NULL where it never did",
        "release readers that expect NULL before the first writer of NULL";
    DROP_CONSTRAINT = "drop-constraint", Care, "drops a constraint",
        "the data may become what the running version does not expect, and `ON CONFLICT` may lose its target",
        "make sure that no running version relies on it; else do it in a contract file";
    NEW_CONSTRAINT = "new-constraint", Care, "adds a constraint that writes are checked against",
        "writes of the running version that violate it fail from now on",
        "make sure, with a query, that what the running version writes satisfies it";
    TRUNCATE = "truncate", Breaks, "deletes all rows",
        "the running version loses its data, and it waits for and blocks every reader",
        "delete in batches by key, in a data file";
    UNBOUNDED_WRITE = "unbounded-write", Locks, "writes to all rows of a table in one statement",
        "it locks every row until it ends, bloats the table and makes replicas lag",
        "write in batches by primary key, each in its own transaction, in a data file";
    BULK_INSERT = "bulk-insert", Care, "inserts as many rows as a query finds",
        "its size is not seen in the text; a large one makes replicas lag",
        "bound the query by key and repeat it in batches, in a data file";
    CREATE_TRIGGER = "create-trigger", Care, "adds a trigger",
        "writes of the running version do its work from now on, and fail where it fails",
        "keep it small, and make sure that it accepts what the running version writes";
    DROP_TRIGGER = "drop-trigger", Breaks, "drops or disables a trigger",
        "the running version may rely on what it does",
        "release a version that does not rely on it, then drop it in a contract file";
    REVOKE = "revoke", Breaks, "takes permissions away",
        "queries of the running version may be refused",
        "release a version that does not need them, then revoke in a contract file";
    REPLACE_VIEW = "replace-view", Care, "replaces a view",
        "the running version gets the rows of the new query under the old name",
        "only append columns; for anything else create a view under a new name";
    FUNCTION_BODY = "function-body", Opaque, "defines code whose effect cannot be judged",
        "a body can do anything, and replacing one changes what the running version calls",
        "review it, and say so: `-- pilotage: allow function-body because ...`";
    CALL = "call", Opaque, "runs code whose effect cannot be judged",
        "a routine or a prepared statement can do anything",
        "write the statements themselves, or review and say `-- pilotage: allow call because ...`";
    UNKNOWN_STATEMENT = "unknown-statement", Opaque, "is a statement that the rules do not know",
        "what is not known is not safe",
        "review it, and say so: `-- pilotage: allow unknown-statement because ...`";
    SYNTAX = "syntax", Opaque, "cannot be read",
        "what the reader cannot read, the rules cannot judge, and the server may refuse half-way",
        "correct it; if the server accepts it, say `-- pilotage: allow syntax because ...`";
    TOO_LARGE = "too-large", Opaque, "is too long or too deeply nested to be read",
        "a statement of more than one mebibyte or a thousand levels is not read",
        "cut it into smaller statements";
    SERVER_SETTING = "server-setting", Opaque, "changes the server, a database or an account",
        "it is not part of a schema, and may change what every client sees",
        "do it where the infrastructure is described, not in a migration";
    CLIENT_COMMAND = "client-command", Opaque, "is a command to a client program, or needs one",
        "only that program understands it; a migrator sends it to the server, which refuses it",
        "write SQL only";
    LOCK_TABLE = "lock-table", Locks, "locks a table by hand",
        "all that need the table wait until the transaction ends",
        "let each statement take the lock that it needs";
    SESSION_SETTING = "session-setting", Care, "changes a setting that guards the migration",
        "the runner sets timeouts and checks for each statement; this overrides them for all that follow",
        "leave it out, or keep it to the one statement that needs it";
}
