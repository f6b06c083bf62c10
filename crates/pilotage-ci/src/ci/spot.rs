//! A place in a file of the repository.

/// A place in a file of the repository; lines and columns count from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot<'a> {
    /// The path of the file, from the root of the repository.
    pub file: &'a str,
    /// The line where it begins.
    pub line: usize,
    /// The column where it begins.
    pub column: usize,
    /// The line where it ends.
    pub end_line: usize,
}
