//! This very program, as it starts itself again.

use std::ffi::OsString;
use std::path::PathBuf;

/// How this program is called: it starts workers and wardens that are itself.
#[derive(Debug, Clone)]
pub(crate) struct SelfCall {
    file: PathBuf,
    leading: Vec<OsString>,
}

impl SelfCall {
    /// The file of this process, with the arguments that make it this program.
    pub(crate) fn of_this_process(leading: &[&str]) -> std::io::Result<Self> {
        let file = std::env::current_exe()?;
        Ok(Self { file, leading: leading.iter().map(OsString::from).collect() })
    }

    /// The words that call this verb.
    pub(crate) fn verb(&self, verb: &str) -> Vec<OsString> {
        let file = std::iter::once(self.file.clone().into_os_string());
        file.chain(self.leading.iter().cloned()).chain([verb.into()]).collect()
    }
}
