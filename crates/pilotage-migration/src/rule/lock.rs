//! Which lock a statement takes, and how long it holds it.

use serde::Serialize;

/// A lock, from what hinders nobody to what hinders all.
///
/// The Postgres names are those of its manual; the metadata locks are those of MySQL and MariaDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    /// None on anything that existed before.
    None,
    /// Postgres: what every `SELECT` takes.
    AccessShare,
    /// Postgres: what `SELECT ... FOR UPDATE` and the parent of a validated foreign key take.
    RowShare,
    /// Postgres: what writes take.
    RowExclusive,
    /// Postgres: hinders other schema changes and vacuum.
    ShareUpdateExclusive,
    /// Postgres: hinders writes.
    Share,
    /// Postgres: hinders writes and itself.
    ShareRowExclusive,
    /// Postgres: hinders all but plain reads.
    Exclusive,
    /// Postgres: hinders everything, reads as well.
    AccessExclusive,
    /// MySQL: locks of the rows that are written.
    Rows,
    /// MySQL: an exclusive metadata lock at the beginning and the end; reads and writes go on between.
    MetadataBriefly,
    /// MySQL: writes wait until it ends (`LOCK=SHARED`).
    MetadataShared,
    /// MySQL: everything waits until it ends.
    MetadataExclusive,
}

impl Lock {
    /// Its name as the manual of the server writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
            Self::Rows => "row locks",
            Self::MetadataBriefly => "metadata lock, briefly exclusive",
            Self::MetadataShared => "metadata lock, shared (LOCK=SHARED)",
            Self::MetadataExclusive => "metadata lock, exclusive",
        }
    }

    /// Whom it hinders.
    pub const fn hinders(self) -> &'static str {
        match self {
            Self::None | Self::AccessShare | Self::RowShare | Self::RowExclusive => "nobody",
            Self::ShareUpdateExclusive => "other schema changes and vacuum",
            Self::Share | Self::ShareRowExclusive | Self::MetadataShared => "all writes",
            Self::Exclusive => "all writes and locking reads",
            Self::AccessExclusive | Self::MetadataExclusive => "all reads and writes",
            Self::Rows => "writes to the same rows",
            Self::MetadataBriefly => "all that come while it waits for a long transaction",
        }
    }

    /// Whether reads or writes of others wait for it, and queue up behind it while it waits itself.
    pub const fn is_strong(self) -> bool {
        matches!(
            self,
            Self::Share
                | Self::ShareRowExclusive
                | Self::Exclusive
                | Self::AccessExclusive
                | Self::MetadataBriefly
                | Self::MetadataShared
                | Self::MetadataExclusive
        )
    }
}

/// What a statement does while it holds its lock, which decides how long that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Milliseconds: it changes the catalogue only.
    Moment,
    /// It reads or writes rows, as many as it says.
    Rows,
    /// It reads the whole table.
    Scan,
    /// It builds an index or another copy of a part.
    Build,
    /// It writes the whole table again, with all its indexes.
    Rewrite,
    /// It waits for old transactions and works beside others (`CONCURRENTLY`).
    Concurrent,
}

impl Work {
    /// What it does, as a fragment.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moment => "a moment",
            Self::Rows => "while rows are written",
            Self::Scan => "while the whole table is read",
            Self::Build => "while an index is built",
            Self::Rewrite => "while the whole table is written again",
            Self::Concurrent => "beside others, as long as it takes",
        }
    }
}
