//! How records become lines and lines become records: the codec of the journal.
//!
//! A journal is a text of lines, one a record, each a JSON object:
//!
//! ```json
//! {"seq":1,"prev":"sha256:…","schema":1,"by":"0.1.0","record":{…},"hash":"sha256:…"}
//! ```
//!
//! `hash` is the digest of the line's bytes before it, `prev` is the `hash` of the line before.
//! So a line that was changed, left out, put in or moved is found, and the last line vouches for
//! all of them. What is hashed are the very bytes in the file; nothing depends on how a JSON
//! library would write them. The envelope never changes; `schema` is the version of `record`.
//!
//! Guarantees: a journal cut at any byte decodes to its last whole record or to a typed error; a
//! flipped bit is found. It is no proof against a forger, who can compute hashes as well.

mod decode;
mod encode;
mod error;
mod head;

pub use decode::{Decoded, decode};
pub use encode::{Line, encode};
pub use error::JournalError;
pub use head::Head;

/// The longest line, in bytes: a record holds one plan or one observation, and is far shorter.
pub const LONGEST_LINE: usize = 1 << 20;

/// What is before the digest at the end of a line.
const SEAL: &[u8] = br#","hash":""#;

/// What is after it.
const CLOSE: &[u8] = br#""}"#;
