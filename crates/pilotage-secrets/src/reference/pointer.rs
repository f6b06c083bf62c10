//! Where inside of a JSON document a value is.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use super::BadReference;

/// A JSON pointer (RFC 6901) to something inside of a document; never to the document itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The pointer to a key at the top of a document.
    pub fn to_key(key: impl Into<String>) -> Self {
        Self(vec![key.into()])
    }

    /// The keys, from the outermost to the innermost, without escapes.
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// The key, if it is one at the top of the document.
    pub fn only_key(&self) -> Option<&str> {
        match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl FromStr for Pointer {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, BadReference> {
        let Some(keys) = text.strip_prefix('/') else {
            return Err(BadReference::new(
                "what follows `#` does not begin with `/`",
                "write a JSON pointer, as in `#/password` or `#/db/0/password`",
            ));
        };
        keys.split('/').map(unescaped).collect::<Result<_, _>>().map(Self)
    }
}

fn unescaped(key: &str) -> Result<String, BadReference> {
    if key.chars().any(char::is_control) {
        return Err(BadReference::new("a JSON pointer has no control characters", "remove them"));
    }
    let valid = |rest: &str| rest.starts_with(['0', '1']);
    if key.split('~').skip(1).all(valid) {
        return Ok(key.replace("~1", "/").replace("~0", "~"));
    }
    Err(BadReference::new(
        "a `~` in a JSON pointer is not followed by `0` or `1`",
        "write `~` as `~0` and `/` as `~1`",
    ))
}

impl Display for Pointer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|key| write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")))
    }
}
