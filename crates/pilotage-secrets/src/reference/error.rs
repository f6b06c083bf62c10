//! A text that is no reference.

use thiserror::Error;

/// Why a text is no reference.
///
/// It never repeats the text: whoever writes a secret where a reference belongs must not find it
/// in a log afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{what}")]
pub struct BadReference {
    what: &'static str,
    help: &'static str,
}

impl BadReference {
    pub(super) const fn new(what: &'static str, help: &'static str) -> Self {
        Self { what, help }
    }

    /// What helps.
    pub const fn help(&self) -> &'static str {
        self.help
    }
}
