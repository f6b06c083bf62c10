//! Where a platform is asked to go.

use std::path::PathBuf;

/// One environment, as far as it is the platform's own business.
#[derive(Debug, Clone)]
pub struct Berth<T, A> {
    /// The name of the environment.
    pub environment: String,
    /// The name of the target, fit for files, leases and labels.
    pub target_name: String,
    /// The table of the target.
    pub target: T,
    /// The table of the artifact, if there is one.
    pub artifact: Option<A>,
    /// The directory of the configuration, which relative paths in it start from.
    pub root: PathBuf,
}
