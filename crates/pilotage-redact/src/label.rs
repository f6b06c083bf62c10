//! What stands in the place of a secret: `[secret:NAME]`.
//!
//! A mask never has the length of what it hides. Names come from settings and references; what
//! could steer a terminal or a log reader in them is replaced.

use std::sync::Arc;

/// The longest name in a mask, in characters.
const LONGEST: usize = 128;

/// The mask of one secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label(Arc<str>);

impl Label {
    /// The mask of the secret with this name.
    pub(crate) fn new(name: &str) -> Self {
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "_-./:@#+=".contains(char);
        let plain = |char| if is_plain(char) { char } else { '_' };
        let name: String = name.chars().take(LONGEST).map(plain).collect();
        Self(format!("[secret:{name}]").into())
    }

    /// The bytes that are written.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_steers_nothing() {
        let label = Label::new("a\u{1b}[2J]\n::error::b");
        assert_eq!(label.as_bytes(), b"[secret:a__2J__::error::b]");
    }
}
