//! What the registries of Azure let one in with.

mod credentials;
mod exchange;
mod host;
mod life;

pub use credentials::AcrCredentials;
pub use host::AcrHost;
