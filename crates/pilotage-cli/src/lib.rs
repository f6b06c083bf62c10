//! The verbs that every target binary shares: arguments, `pilotage.toml`, output, exit codes.
//!
//! A binary fills one trait, [`Platform`], with what only it knows (how to reach its kind of
//! target, how to name a release), says through [`Lookout`] how people see a run, and calls
//! [`run`]. Everything else is the same for every target and lives here.
//!
//! What it guarantees:
//!
//! - Data goes to stdout and everything else to stderr; a reader who hangs up is a normal end.
//! - Every verb ends in one documented [`ExitCode`](pilotage_rollout::ExitCode), and says the
//!   next command to run.
//! - Every error says what, because of what, and what helps.
//! - What is known to be secret is masked in every stream, journal, note and report.
//! - The first SIGINT or SIGTERM makes a run safe, a second one ends the process at once; both
//!   leave a run that can be resumed. A process whose ancestors are gone stops acting.
//!
//! What it deliberately does not do: know any SDK or platform, decide anything about a rollout,
//! or talk to a CI system.

mod args;
mod berth;
mod command;
mod config;
mod failure;
mod io;
mod lineage;
mod lookout;
mod panic;
mod platform;
mod record;
mod secrecy;
mod session;
mod signal;
mod stream;
mod verb;

pub use args::{Cli, ColorChoice, Global, Verb};
pub use berth::Berth;
pub use command::{Outfit, execute, run};
pub use config::{
    Check, Chosen, Config, ConfigError, Deed, DynamoDbLease, EcsWorkers, Environment,
    KubernetesLease, LeasePlace, Migration, Migrations, Reader, Receiver, ReceiverKind,
    RunnerPlace, S3Lease, Secrets,
};
pub use failure::{Failure, causes, explain, failed};
pub use io::{Io, Out};
pub use lookout::{Lookout, PlainLookout, View};
pub use platform::{Harbour, Platform, PlatformError};
pub use record::{Chronicle, History, Standing};
pub use signal::{Calls, heed};

/// The published JSON Schema of `pilotage.toml`.
pub const SCHEMA: &str = config::schema::SCHEMA;
