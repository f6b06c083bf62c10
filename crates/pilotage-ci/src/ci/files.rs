//! The files through which a CI system is told things.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Where the CI system reads what it is told; what is missing is not told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The outputs of a GitHub Actions step.
    pub output: Option<PathBuf>,
    /// The summary of a GitHub Actions step.
    pub summary: Option<PathBuf>,
    /// Where an Azure Pipelines agent keeps files for as long as the job.
    pub temporary: Option<PathBuf>,
}

impl Files {
    /// The files that these environment variables name.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let path = |name| variable(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self {
            output: path("GITHUB_OUTPUT"),
            summary: path("GITHUB_STEP_SUMMARY"),
            temporary: path("AGENT_TEMPDIRECTORY"),
        }
    }
}

/// How large the file is; nothing if there is none yet.
pub(super) fn size(path: &Path) -> usize {
    let length = path.metadata().map_or(0, |metadata| metadata.len());
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Adds text to a file that other steps' tools add to as well.
#[expect(clippy::disallowed_methods, reason = "the CI system reads these very files")]
pub(super) fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}
