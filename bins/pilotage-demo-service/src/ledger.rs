//! The numbers of the requests that this process has processed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use hyper::header::HeaderMap;

/// The header in which a request carries its number.
const REQUEST_HEADER: &str = "x-request-id";

/// A file to which each request is appended before it is answered, one line each.
#[derive(Debug)]
pub(crate) struct Ledger(File);

impl Ledger {
    /// The ledger of this process, in this directory.
    #[expect(
        clippy::disallowed_methods,
        reason = "lines are only ever appended, each in one write"
    )]
    pub(crate) fn open(directory: &Path, release: &str) -> io::Result<Self> {
        let path = directory.join(format!("{release}-{}", std::process::id()));
        OpenOptions::new().create(true).append(true).open(path).map(Self)
    }

    /// Writes the number down, if the request carries one.
    pub(crate) fn note(&self, headers: &HeaderMap) -> io::Result<()> {
        let Some(request) = headers.get(REQUEST_HEADER) else { return Ok(()) };
        (&self.0).write_all(&[request.as_bytes(), b"\n"].concat())
    }
}
