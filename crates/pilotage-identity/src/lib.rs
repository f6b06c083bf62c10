//! Who a CI job is: a token that its CI system signs, minted whenever a cloud wants one.
//!
//! A job of GitHub Actions or of Azure DevOps can prove to a cloud what it is, so that nobody has
//! to keep a secret for it. The token lives for minutes, what a cloud gives for it for an hour, and
//! a careful release runs for three. So the token is not handed over once but asked for anew, each
//! time that credentials are about to end: an [`Identity`] is who can be asked.
//!
//! - **Each question is a new token**; nothing is kept here, so nothing is over.
//! - **No token is in an error, a log line or a `Debug`**, nor what the CI system is asked with.
//! - **What is no token is refused here**, before it goes to a cloud.
//! - **[`web`] sends secrets over secured connections only**, and every call ends.
//!
//! It deliberately verifies no signature: whoever is shown the token does. And it knows no cloud
//! but the name by which each wants to be addressed.

mod azure_devops;
mod error;
mod file;
mod github;
mod settings;
mod token;
pub mod web;

pub use azure_devops::AzureDevOps;
pub use error::Error;
pub use file::TokenFile;
pub use github::GitHubActions;
pub use settings::of_job;

use core::fmt::{self, Debug, Display, Formatter};

use async_trait::async_trait;
use secrecy::SecretString;

/// Who can prove what a job is.
///
/// # Contract
///
/// - **Each call asks anew**, so that a token is as fresh as it can be.
/// - **Cancellation.** Dropping a call leaves nothing behind.
#[async_trait]
pub trait Identity: Debug + Send + Sync {
    /// A token for this audience.
    async fn token(&self, audience: Audience) -> Result<SecretString, Error>;
}

/// To whom a token is shown, who refuses one that is for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Audience(&'static str);

impl Audience {
    /// The token service of AWS.
    pub const AWS: Self = Self("sts.amazonaws.com");
    /// Entra ID, in every cloud of Azure.
    pub const AZURE: Self = Self("api://AzureADTokenExchange");

    /// The name as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl Display for Audience {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
