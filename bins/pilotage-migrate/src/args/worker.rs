//! The flags of what this program starts itself.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use pilotage_artifact::Digest;
use pilotage_lease::Ticket;

use super::place::{PlaceArgs, WhatArgs};

/// Flags of `worker`.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Whose place it takes
    #[arg(long)]
    pub(crate) ticket: Ticket,

    /// Which set it applies
    #[arg(long)]
    pub(crate) set: Digest,

    /// The folder that was made for it; none where the platform tells how it is
    #[arg(long)]
    pub(crate) desk: Option<PathBuf>,

    /// Where its command begins
    #[arg(long)]
    pub(crate) folder: PathBuf,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) what: WhatArgs,
}

/// Flags of `warden`.
#[derive(Debug, Args)]
pub(crate) struct WardenArgs {
    /// The number of the process that has started it
    pub(crate) worker: i32,

    /// What it runs
    #[arg(last = true, required = true)]
    pub(crate) command: Vec<OsString>,
}
