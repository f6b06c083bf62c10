//! Where a platform is asked to go.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pilotage_rollout::Span;

use crate::{Check, Migration};

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
    /// The smoke checks, by name.
    pub checks: BTreeMap<String, Check>,
    /// How long requests in flight may take to finish, if the configuration says so.
    pub drain: Option<Span>,
    /// The migrations that a new release needs.
    pub migration: Option<Migration>,
    /// The directory of the configuration, which relative paths in it start from.
    pub root: PathBuf,
}
