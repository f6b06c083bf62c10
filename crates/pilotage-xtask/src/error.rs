//! What can go wrong while a task runs, in words that say what to do next.

use std::io;
use std::path::PathBuf;

/// Everything that the pieces of this crate can fail with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program could not be started at all.
    #[error("`{command}` could not be started; {hint}")]
    Start {
        /// The command line.
        command: String,
        /// What to do about it.
        hint: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A program ran and did not succeed.
    #[error("`{command}` failed with {status}{said}")]
    Ended {
        /// The command line.
        command: String,
        /// The exit status, as the operating system words it.
        status: String,
        /// The program's last words where they were captured, beginning with `: `; or nothing.
        said: String,
    },
    /// The person, or the job that runs this, asked it to stop.
    #[error("interrupted during `{during}`")]
    Interrupted {
        /// The command line that was cut short.
        during: String,
    },
    /// A file could not be read or written.
    #[error("could not {doing} `{}`", path.display())]
    File {
        /// `read`, `write`, ...
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file or an answer does not have the form that it should have.
    #[error("`{what}` is not readable: {why}; {hint}")]
    Malformed {
        /// The file, or the command whose answer it is.
        what: String,
        /// The parser's words.
        why: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// A system that was started could not be stopped.
    #[error("could not stop {what}: {why}; `cargo xtask env down` tries again")]
    Stop {
        /// Which resource of which system.
        what: String,
        /// What refused.
        why: String,
    },
    /// Signals could not be watched, so that clean-up could not be promised.
    #[error("could not listen for interrupts")]
    Signals(#[source] io::Error),
    /// The output could not be written, and its reader has not simply gone away.
    #[error("could not write the output")]
    Output(#[source] io::Error),
}
