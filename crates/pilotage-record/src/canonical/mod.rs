//! Canonical JSON: one value has exactly one text, so that the hash of the text names the value.
//!
//! The form is that of RFC 8785, restricted to what every reader agrees upon: strings, whole
//! numbers that a double holds exactly, booleans, lists and objects. A fraction is refused, so no
//! rule of printing floating-point numbers is ever needed.
//!
//! Reading is as strict as writing: a key that is there twice, a space, another order of keys or
//! another way to write the same string is refused, for it would be a second text of one value.

mod read;
mod value;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use value::Value;

/// Why bytes are not the canonical text of a value, or a value has none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalError {
    /// There is more of it than is read.
    #[error("it has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// How many there are.
        bytes: usize,
        /// How many are read.
        limit: usize,
    },
    /// It is not JSON, or JSON that has no canonical form.
    #[error("it is not JSON that can be canonical: restore it from where it came from")]
    Malformed(#[source] serde_json::Error),
    /// It is another text of the same value.
    #[error(
        "it is not in its canonical form (RFC 8785) from byte {offset} on: it was edited or \
         reformatted; restore the original bytes"
    )]
    NotCanonical {
        /// The first byte that differs.
        offset: usize,
    },
    /// It says something that is not known, or leaves out what is needed.
    #[error("it does not have the form that is expected: use the version that wrote it")]
    Unexpected(#[source] serde_json::Error),
    /// The value has no canonical form.
    #[error("it has no canonical form")]
    Unrepresentable(#[source] serde_json::Error),
}

/// The canonical text of a value.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let text = serde_json::to_vec(value).map_err(CanonicalError::Unrepresentable)?;
    let value: Value = serde_json::from_slice(&text).map_err(CanonicalError::Unrepresentable)?;
    Ok(write::to_bytes(&value))
}

/// The value of which these bytes are the canonical text.
pub fn from_slice<T>(bytes: &[u8], limit: usize) -> Result<T, CanonicalError>
where
    T: DeserializeOwned + Serialize,
{
    read::value(bytes, limit)
}

/// The first byte at which two texts differ.
fn difference(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other);
    same.count()
}
