//! Whether Postgres would read a statement.

use squawk_syntax::SourceFile;

/// The first thing that the grammar does not accept: where, in bytes of the statement, and why.
pub(super) fn problem(statement: &str) -> Option<(usize, String)> {
    let errors = SourceFile::parse(statement).errors();
    errors.first().map(|error| (usize::from(error.range().start()), error.message().to_owned()))
}
