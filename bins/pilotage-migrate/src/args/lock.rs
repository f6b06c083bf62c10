//! The flags of `lock`.

use clap::{Args, Subcommand};
use pilotage_lease::Ticket;

use super::place::{PlaceArgs, ShowArgs};

/// Flags of `lock`.
#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// What is to be done with the lease.
    #[command(subcommand)]
    pub(crate) verb: LockVerb,
}

/// What is to be done with the lease.
#[derive(Debug, Subcommand)]
pub(crate) enum LockVerb {
    /// Show who has the lease, and who holds it
    Show(LockShowArgs),
    /// Make what the store of leases needs: the table of DynamoDB; nothing is made by any other verb
    Create(LockShowArgs),
    /// Say that no machine may take the lease; who has it goes on
    Hold(LockHoldArgs),
    /// Take a hold back, or set free what a dead owner has left
    Release(LockReleaseArgs),
}

/// Flags of `lock show` and `lock create`.
#[derive(Debug, Args)]
pub(crate) struct LockShowArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// Flags of `lock hold`.
#[derive(Debug, Args)]
pub(crate) struct LockHoldArgs {
    /// Who you are
    #[arg(long, value_name = "WHO")]
    pub(crate) by: String,

    /// Why nobody may migrate
    #[arg(long, value_name = "WHY")]
    pub(crate) reason: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// Flags of `lock release`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(crate) struct LockReleaseArgs {
    /// Whose hold is taken back
    #[arg(long, value_name = "WHO", group = "what")]
    pub(crate) by: Option<String>,

    /// Which ownership is set free, as `lock show` names it; only once its owner is proven dead
    #[arg(long, value_name = "TICKET", group = "what")]
    pub(crate) ticket: Option<Ticket>,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}
