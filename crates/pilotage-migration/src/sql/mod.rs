//! SQL text as tokens and statements, for both dialects.
//!
//! Migrators differ in how they cut a file into statements; the cut decides what a server is sent.
//! This one follows the clients of the servers: `psql` (dollar quotes, nested comments, `BEGIN
//! ATOMIC`, data after `COPY ... FROM STDIN`) and `mysql` (`DELIMITER`, executable comments, bodies
//! with `BEGIN ... END`).
//!
//! Guarantees: it works on one statement at a time, whatever the size of the file; what does not
//! end (a string, a comment) is an error with its place; nesting is bounded before anything
//! recursive sees a statement. It deliberately has no grammar: that is left to the readers above.

mod cursor;
mod depth;
mod lexer;
mod place;
mod split;
mod token;

pub use cursor::{Cursor, ObjectName};
pub use depth::is_too_deep;
pub use lexer::{LexError, Unended};
pub(crate) use place::byte_at;
pub use place::{Lines, Place};
pub use split::{Chunk, Split};
pub use token::{Kind, Token};
