//! Access tokens of Entra ID.

mod cli;
mod client;
mod managed;
mod settings;
mod token;

pub use cli::CommandLine;
pub use client::{ClientLogin, Proof};
pub use managed::ManagedIdentity;
pub use settings::Settings;
pub use token::AccessToken;

use std::fmt::{self, Debug, Display, Formatter};

use async_trait::async_trait;

use crate::Error;

/// Whoever can get access tokens.
///
/// # Contract
///
/// - **Each call asks anew.** Whoever wants to keep a token keeps it, until before its end.
/// - **Cancellation.** Dropping a call leaves nothing behind; a process that was started for it is
///   ended.
#[async_trait]
pub trait Login: Debug + Send + Sync {
    /// A token for this resource.
    async fn token(&self, resource: &Resource) -> Result<AccessToken, Error>;
}

/// What a token is good for: the address by which Entra ID knows a service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Resource(&'static str);

impl Resource {
    /// The registries.
    pub const CONTAINER_REGISTRY: Self = Self("https://containerregistry.azure.net");
    /// The vaults of public Azure.
    pub const KEY_VAULT: Self = Self("https://vault.azure.net");
    /// The vaults in China.
    pub const KEY_VAULT_CHINA: Self = Self("https://vault.azure.cn");
    /// The vaults of the government of the United States.
    pub const KEY_VAULT_GOVERNMENT: Self = Self("https://vault.usgovcloudapi.net");

    /// The resource as the newer endpoints want it.
    fn scope(&self) -> String {
        format!("{self}/.default")
    }
}

impl Display for Resource {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
