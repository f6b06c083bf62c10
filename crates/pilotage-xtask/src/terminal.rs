//! Where a task's words go: data to standard output, everything else to standard error.
//!
//! A reader that goes away (`cargo xtask ... | head`) is a normal end, not an error.

use std::error::Error;
use std::io::{self, ErrorKind, IsTerminal as _, Write};

/// The exit code of a task that somebody has interrupted.
pub const INTERRUPTED: u8 = 130;

/// Writes one line to standard output.
pub fn say(line: impl AsRef<str>) -> Result<(), crate::Error> {
    write_line(&mut io::stdout().lock(), line.as_ref())
}

/// Writes one line to standard error, where a failure to write has nobody to be told to.
pub fn note(line: impl AsRef<str>) {
    let _closed = write_line(&mut io::stderr().lock(), line.as_ref());
}

/// Writes a failure with its causes to standard error, a line each.
pub fn complain(failure: &dyn Error) {
    note(format!("error: {failure}"));
    let mut cause = failure.source();
    while let Some(error) = cause {
        note(format!("  because: {error}"));
        cause = error.source();
    }
}

/// Whether a person looks at standard output.
pub fn is_watched() -> bool {
    io::stdout().is_terminal()
}

fn write_line(out: &mut dyn Write, line: &str) -> Result<(), crate::Error> {
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(crate::Error::Output(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_left_is_no_error_but_a_full_disk_is() {
        assert!(write_line(&mut Failing(ErrorKind::BrokenPipe), "x").is_ok());
        assert!(write_line(&mut Failing(ErrorKind::StorageFull), "x").is_err());
    }
}
