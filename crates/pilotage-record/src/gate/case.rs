//! One release before one gate.

use std::collections::BTreeMap;

use pilotage_artifact::Digest;

use super::{EntryPolicy, Gates, Place};
use crate::event::{History, InEnvironment, Standing};
use crate::record::Record;
use crate::text::{EnvironmentName, PartName};
use crate::time::Time;

/// The digest under which each image was read back at its destination.
pub type Destination = BTreeMap<PartName, Digest>;

/// One release before one gate: everything that the rules look at.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// What is asked.
    pub gates: &'a Gates,
    /// Where it wants to enter.
    pub environment: &'a EnvironmentName,
    /// The release.
    pub record: &'a Record,
    /// What is known of it.
    pub history: &'a History,
    /// What is there now.
    pub place: &'a Place,
    /// What is at the destination already; not looked at before anything was copied.
    pub destination: Option<&'a Destination>,
    /// When.
    pub now: Time,
    /// Whether an older release is wanted on purpose.
    pub going_back: bool,
}

/// What the rules see of a case.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) policy: &'a EntryPolicy,
    pub(super) standing: Standing,
    pub(super) here: InEnvironment,
}

impl<'a> Bench<'a> {
    pub(super) fn of(case: &'a Case<'a>) -> Option<Self> {
        let policy = case.gates.entry(case.environment)?;
        let standing = Standing::of(case.history);
        let here = standing.in_environment(case.environment);
        Some(Self { case, policy, standing, here })
    }
}
