//! Why files cannot be found or read.

use std::io;
use std::path::PathBuf;

/// Why files cannot be found or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// The system does not give it.
    #[error("{} cannot be read", .path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// There are too many.
    #[error("there are more than {most} files in {}; name the folder of the migrations", .path.display())]
    TooMany {
        /// Where.
        path: PathBuf,
        /// How many there may be.
        most: usize,
    },
    /// There are none.
    #[error("there is no file that ends in `.sql` in {}", .path.display())]
    None {
        /// Where.
        path: PathBuf,
    },
    /// What was named is not among them.
    #[error("there is no file `{name}` among the migrations, so nothing can come after it")]
    NoSuchFile {
        /// What was named.
        name: String,
    },
}
