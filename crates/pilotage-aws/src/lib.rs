//! AWS, as far as Pilotage needs it: sessions, registry credentials, signatures, leases,
//! journals, secrets, the control planes of ECS and of load balancers, and what containers have said.
//!
//! Each heavy SDK stands behind a feature of its own (`discover`, `dynamodb`, `ecr`, `ecs`, `elbv2`,
//! `kms`, `logs`, `s3`, `secretsmanager`, `ssm`), so that a binary builds only what it uses.
//!
//! - **No type of an SDK appears in a public signature.** What callers hold are this crate's types
//!   and those of the role traits; an SDK can be replaced without touching them.
//! - **Endpoint overrides are honoured everywhere**: `AWS_ENDPOINT_URL`, its form for one service,
//!   the profile's `endpoint_url`, and [`Settings::endpoint`], which wins over all of them.
//! - **Every call ends**: connections, attempts and whole operations have deadlines, and an
//!   operation is attempted three times at most (`AWS_MAX_ATTEMPTS` changes that). The writes of
//!   stores are sent once, and again, four times at most, only if they were throttled.
//! - **A failure names the action**, the thing, AWS's own code and request id, and what to do; see
//!   [`Failure`].
//!
//! It decides nothing about releases, and it never prints.

mod failure;
#[cfg(any(feature = "dynamodb", feature = "s3"))]
mod once;
#[cfg(any(feature = "ecr", feature = "ecs"))]
mod raw;
pub mod session;
#[cfg(any(feature = "ecs", feature = "elbv2"))]
mod write;

#[cfg(feature = "s3")]
pub mod bucket;
#[cfg(feature = "discover")]
pub mod discover;
#[cfg(feature = "ecr")]
pub mod ecr;
#[cfg(feature = "ecs")]
pub mod ecs;
#[cfg(feature = "elbv2")]
pub mod elb;
#[cfg(any(feature = "dynamodb", feature = "s3"))]
pub mod journal;
#[cfg(feature = "kms")]
pub mod kms;
#[cfg(any(feature = "dynamodb", feature = "s3"))]
pub mod lease;
#[cfg(feature = "logs")]
pub mod logs;
#[cfg(any(feature = "secretsmanager", feature = "ssm"))]
pub mod secret;
#[cfg(feature = "dynamodb")]
pub mod table;

pub use failure::{Failure, Kind};
pub use session::{Session, SessionError, Settings};
