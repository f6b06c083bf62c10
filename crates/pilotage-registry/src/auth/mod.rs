//! Who asks, and how a registry is told.
//!
//! Whoever has credentials implements [`Credentials`]; here are those that need no cloud: none at
//! all, given ones, Docker's configuration and its helpers. The [`Keeper`] of a registry turns them
//! into what a single call carries: it learns from the registry's own challenge whether that is a
//! password or a token, and keeps tokens until shortly before they end.
//!
//! **Credentials go to the server that they are for and to the token server that it names**, never
//! to where a redirect or an upload leads.

mod basic;
mod challenge;
mod credential;
mod docker;
mod given;
mod helper;
mod keeper;
mod scope;
mod token;

pub(crate) use keeper::Keeper;
pub(crate) use scope::Scopes;

pub use challenge::Challenge;
#[cfg(feature = "mock")]
pub use credential::MockCredentials;
pub use credential::{Credential, CredentialError, Credentials};
pub use docker::DockerConfig;
pub use given::{Anonymous, FirstOf, Given};
#[cfg(feature = "mock")]
pub use helper::MockHelper;
pub use helper::{Helper, HelperSaid, Installed};
