//! By what a database shows that a statement is applied.

/// By what a database shows that a statement is applied that was begun by itself, outside any
/// transaction, and whose end nobody saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sign {
    /// By nothing: it did all or nothing, and it cannot be seen which.
    #[default]
    Nothing,
    /// By nothing, and it may have done a half, as a procedure does.
    Half,
    /// It does not matter: it may be run again, once what is left over of the last time is gone.
    Again {
        /// Of what indexes may be left over that were to take the place of others.
        over: Option<Over>,
    },
    /// By what is there afterwards, and by what is not there any more; all of it or nothing.
    Seen(Vec<Trace>),
    /// As [`Seen`](Self::Seen), but one after the other, so that a half may stay.
    Each(Vec<Trace>),
}

/// What was being built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// A table, or an index, with all of its parts.
    Relation(Name),
    /// All of a schema.
    Schema(String),
    /// All of the database.
    Database,
}

/// What a statement leaves, or takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// What.
    pub of: Object,
    /// Whether it is there afterwards.
    pub is_there: bool,
}

/// Something that a database can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A table, a view or a sequence.
    Table(Name),
    /// A column.
    Column {
        /// Of this table.
        table: Name,
        /// Its name.
        column: String,
    },
    /// An index.
    Index {
        /// Of this table, where that was said.
        table: Option<Name>,
        /// Its name.
        index: Name,
    },
    /// A constraint.
    Constraint {
        /// Of this table.
        table: Name,
        /// Its name.
        constraint: String,
    },
    /// The bond between a table and a part of it.
    Partition {
        /// The table.
        table: Name,
        /// The part.
        part: Name,
    },
}

/// A name as the server compares it, without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The schema, where it was said.
    pub schema: Option<String>,
    /// The name in it.
    pub name: String,
}

impl Trace {
    /// This is there afterwards.
    pub const fn present(of: Object) -> Self {
        Self { of, is_there: true }
    }

    /// This is not there any more.
    pub const fn absent(of: Object) -> Self {
        Self { of, is_there: false }
    }
}
