//! What can go wrong with a key.

use super::KeyName;
use crate::Failure;

/// A key could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KmsError {
    /// It is of another kind than is needed.
    #[error(
        "key `{name}` is of the kind {spec} for {usage}, but signing needs ECC_NIST_P256 for \
         SIGN_VERIFY: create one with `aws kms create-key --key-spec ECC_NIST_P256 --key-usage \
         SIGN_VERIFY`"
    )]
    WrongKind {
        /// The key.
        name: KeyName,
        /// Its kind.
        spec: String,
        /// What it is for.
        usage: String,
    },
    /// AWS could not be asked, or refused.
    #[error(transparent)]
    Aws(#[from] Failure),
}
