//! The value of a secret.

use core::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use zeroize::Zeroizing;

/// The value of a secret: bytes that cannot be printed, serialised or compared by accident.
///
/// Copies share one memory, which is wiped when the last of them goes.
///
/// It has no `Display`:
///
/// ```compile_fail
/// let secret = pilotage_secrets::Secret::new(b"x".to_vec());
/// println!("{secret}");
/// ```
///
/// and no `Serialize`:
///
/// ```compile_fail
/// let secret = pilotage_secrets::Secret::new(b"x".to_vec());
/// serde_json::to_string(&secret);
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<Vec<u8>>>);

impl Secret {
    /// Takes over a value; the memory that held it is the memory that is wiped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// The value, for the one line that hands it on.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The value as text, if it is text.
    pub fn expose_text(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl Debug for Secret {
    /// Not even the length: it tells a short password from a long one.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let secret = Secret::from(String::from("hunter2"));
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)).matches("hunter2").count(), 0);
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn bytes_that_are_no_text_are_kept() {
        let secret = Secret::new(vec![0, 159, 146, 150]);
        assert_eq!(secret.expose(), [0, 159, 146, 150]);
        assert_eq!(secret.expose_text(), None);
        assert_eq!(secret.len(), 4);
    }
}
