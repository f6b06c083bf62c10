//! Signatures by a key of KMS: the private half never leaves the service.

mod error;
mod key;
mod name;

pub use error::KmsError;
pub use key::KmsKey;
pub use name::{InvalidKeyName, KeyName};
