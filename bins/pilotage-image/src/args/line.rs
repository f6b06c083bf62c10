//! Which line of releases, and what is built of it, on the command line.

use clap::Args;
use pilotage_artifact::next::{Build, PreLabel};

/// A line of releases, and what is built.
#[derive(Debug, Clone, Args)]
pub(crate) struct LineArgs {
    /// The configuration of the line, below the directory that this runs in
    #[arg(long, value_name = "FILE", default_value = "release.toml")]
    pub(crate) config: String,
    /// It is the build of this branch; otherwise the CI system or the checkout says
    #[arg(long, value_name = "NAME", conflicts_with = "pull_request")]
    branch: Option<String>,
    /// It is the build of this pull request
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<u64>,
}

impl LineArgs {
    /// What is built, if it was typed or a CI system says so by this reference.
    pub(crate) fn build(&self, reference: Option<&str>, trunk: &str) -> Option<Build> {
        let branch = self.branch.as_deref().map(|name| Build::of_branch(name, trunk));
        let typed = self.pull_request.map(Build::PullRequest).or(branch);
        typed.or_else(|| Build::of_ref(reference?, trunk))
    }
}

/// The next version.
#[derive(Debug, Clone, Args)]
pub(crate) struct VersionArgs {
    #[command(flatten)]
    pub(crate) line: LineArgs,
    /// A pre-release of this series, such as `rc`
    #[arg(long, value_name = "LABEL")]
    pub(crate) pre: Option<PreLabel>,
}
