//! Azure, as far as Pilotage needs it: logins, and what its registries let one in with.
//!
//! A [`Login`] gives access tokens of Entra ID: for a token of the CI system, for a secret, for the
//! identity of the machine, or from the command line where a person has signed in. Which of them
//! is used is decided from the settings alone, never by trying one after the other: a run that
//! silently goes on as somebody else is worse than one that stops.
//!
//! - **Secrets go over secured connections only**, but for this machine and the metadata service
//!   that every Azure machine has at `169.254.169.254`.
//! - **Tokens go to registries of Azure only**, known by their host name, and to those that were
//!   named explicitly.
//! - **Every call ends**: with a deadline, a limit on what is read, and three attempts at most.
//!
//! It knows nothing of releases, and it never prints.

pub mod acr;
mod error;
pub mod login;
mod web;

pub use error::Error;
pub use login::{AccessToken, Login, Resource};
