//! What a session of a server can do for a worker.

use async_trait::async_trait;
use pilotage_migration::saga::script::Patience;
use pilotage_migration::saga::sign::{Name, Object, Over};

use crate::session::Session;
use crate::trouble::Trouble;

/// The cells of a row, as text.
pub(crate) type Row = Vec<Option<String>>;

/// A session that migrates. Statements of its own name tables as the session found them when it
/// was opened: they come after [`reset`](Self::reset) and before anything that a file sets.
#[async_trait]
pub(crate) trait Server: Session {
    /// In the words of this server.
    fn dialect(&self) -> &'static Dialect;

    /// Gives up what is open, and puts back what files have set.
    async fn reset(&mut self) -> Result<(), Trouble>;

    /// Says how long each statement may wait and last from now on.
    async fn limit(&mut self, patience: Patience) -> Result<(), Trouble>;

    /// Runs a statement of somebody else.
    async fn run(&mut self, text: &str) -> Result<(), Stopped>;

    /// Runs a statement of our own, with values in place of its question marks.
    async fn rows(&mut self, sql: &str, values: &[&str]) -> Result<Vec<Row>, Trouble>;

    /// Looks for something.
    async fn look(&mut self, object: &Object) -> Result<Sight, Trouble>;

    /// Clears away an index that was not built to its end.
    async fn clear_unbuilt(&mut self, index: &Name) -> Result<(), Trouble>;

    /// Clears away indexes that were to take the place of others and did not, or had to make room
    /// and are still there; never one that is in use. Gives why it cannot be done now, if so.
    async fn clear_unswapped(&mut self, over: &Over) -> Result<Option<String>, Trouble>;

    /// Ends a session, by its number.
    async fn end(&mut self, session: &str) -> Result<(), Trouble>;
}

/// What servers say in different words.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// In which schema new tables are made.
    pub(crate) schema: &'static str,
    /// Makes the ledger.
    pub(crate) ledger: &'static str,
    /// Writes a line into it, over the one of the same migration.
    pub(crate) note: &'static str,
}

/// What can be seen of something.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It is there.
    There,
    /// It is not.
    Missing,
    /// It is there and of no use.
    Broken,
    /// It cannot be told.
    Unclear(String),
}

/// How a statement ended that was not done.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Others kept their locks for too long; nothing of it is done.
    Locked(Words),
    /// Nothing of it is done.
    Refused(Words),
    /// It may be done.
    Unknown(Words),
}

/// What a server says, and about which place of the statement.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) about: About,
}

/// A place in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// None in particular.
    All,
    /// A character, counted from zero.
    Character(usize),
    /// A line, counted from zero.
    Line(usize),
}

/// The first cell of the first row.
pub(crate) fn only(rows: Vec<Row>) -> Option<String> {
    rows.into_iter().next()?.into_iter().next()?
}
