//! Rules about files, phases and annotations.

use super::rules;

rules! {
    CONTRACT_IN_EXPAND = "contract-in-expand", Form, "is a contract statement in an expand file",
        "expand files run before the new version, while the old one serves",
        "move it to a contract file: put `-- pilotage: phase contract since VERSION because ...` at its top";
    SCHEMA_IN_DATA = "schema-in-data", Form, "changes the schema in a data file",
        "data files run beside the running version, in batches, and may be stopped and repeated",
        "move it to an expand or a contract file";
    EXPAND_IN_CONTRACT = "expand-in-contract", Care, "adds something in a contract file",
        "a contract file may wait for weeks, and what it adds is needed now",
        "move it to an expand file";
    CONTRACT_WITHOUT_SINCE = "contract-without-since", Form, "is a contract file that does not say since when",
        "whether it may run depends on the first version that does not need what it removes",
        "say it at the top: `-- pilotage: phase contract since VERSION because ...`";
    CONTRACT_TOO_EARLY = "contract-too-early", Form, "removes what a running version still needs",
        "contract files run when the oldest running version no longer needs what they remove",
        "release the newer version everywhere first";
    BAD_ANNOTATION = "bad-annotation", Form, "is no annotation that the rules understand",
        "a misspelt annotation that is silently ignored is worse than none",
        "write `-- pilotage: allow RULE[, RULE] because REASON` or `-- pilotage: phase PHASE [since VERSION] because REASON`";
    UNUSED_ANNOTATION = "unused-annotation", Care, "allows what does not happen",
        "an old permission hides the next mistake",
        "take it out";
    PHASES_DISAGREE = "phases-disagree", Form, "says one phase in its name and another in its text",
        "nobody can tell when it is meant to run",
        "rename the file, or correct the annotation";
    NOT_UTF8 = "not-utf8", Form, "is not UTF-8 throughout",
        "a server that reads it under another encoding stores other characters, or other statements",
        "save the file as UTF-8 without a byte order mark";
    UNENDED = "unended", Form, "has a text, a name or a comment that never ends",
        "everything after it is taken for a part of it",
        "close it where it is meant to end";
    FILE_TOO_LARGE = "file-too-large", Form, "is larger than a migration may be",
        "files of more than 16 MiB are not read; what is so large is data",
        "load data with the tools of the server, outside the migration";
    NOTHING_INSIDE = "nothing-inside", Care, "holds no statement",
        "an empty migration is recorded as done and cannot be filled later",
        "take the file out, or write what it was meant to do";
    SAME_VERSION_TWICE = "same-version-twice", Form, "has the version of another file",
        "the order of the two is not defined, and migrators refuse them",
        "give one of them the next version";
}
