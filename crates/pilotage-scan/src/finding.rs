//! One likely secret.

use pilotage_artifact::{CommitId, Digest};

use crate::rule::Rule;

/// A likely secret: where it stands, but not what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub rule: &'static Rule,
    /// The path of the text.
    pub path: String,
    /// The commit that added it; nothing for a file.
    pub commit: Option<CommitId>,
    /// The line, from one.
    pub line: usize,
    /// The first character of it in its line, from one.
    pub column: usize,
    /// The character behind it.
    pub end_column: usize,
    /// The line, with every secret that was found in it masked.
    pub excerpt: String,
}

impl Finding {
    /// Names the finding as long as its line stays as it is; says nothing about the value.
    pub fn fingerprint(&self) -> String {
        let parts = [self.rule.id, &self.path, self.excerpt.trim()].join("\u{1f}");
        Digest::of(parts.as_bytes()).short()
    }
}
