//! What a scan has found, what was let pass, and what it has not looked at.

use crate::allow::Allow;
use crate::finding::Finding;

/// The outcome of a scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What must be dealt with, in the order of the sources.
    pub findings: Vec<Finding>,
    /// What somebody has allowed, with the reason.
    pub allowed: Vec<Allowed>,
    /// What was not looked at, and why.
    pub skipped: Vec<Skipped>,
    /// Entries of the allow-list that allowed nothing.
    pub unused: Vec<Allow>,
    /// How many texts were looked at.
    pub texts: usize,
    /// How many bytes they have.
    pub bytes: usize,
}

/// A finding that was allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// What.
    pub finding: Finding,
    /// Why.
    pub reason: String,
}

/// A text that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// Why not.
    pub why: &'static str,
}
