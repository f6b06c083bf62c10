//! Azure, as far as Pilotage needs it: logins, what its registries let one in with, and secrets.
//!
//! A [`Login`] gives access tokens of Entra ID: for a token of the CI system, for a secret, for the
//! identity of the machine, or from the command line where a person has signed in. Which of them
//! is used is decided from the settings alone, never by trying one after the other: a run that
//! silently goes on as somebody else is worse than one that stops.
//!
//! - **Secrets go over secured connections only**; see [`pilotage_identity::web`].
//! - **Tokens go to registries and vaults of Azure only**, known by their host name, and to
//!   registries that were named explicitly.
//! - **Every call ends**: with a deadline, a limit on what is read, and three attempts at most.
//!
//! It knows nothing of releases, and it never prints.

pub mod acr;
mod error;
pub mod login;
pub mod vault;

pub use error::Error;
pub use login::{AccessToken, Login, Resource};

/// The server of an address, without what follows.
fn trimmed(address: &str) -> &str {
    address.trim_end_matches('/')
}
