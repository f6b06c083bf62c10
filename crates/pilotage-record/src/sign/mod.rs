//! Keys: who vouches, and the proof that it was they.
//!
//! A key is named by its algorithm and the digest of its public half, so a policy that names keys
//! also says which algorithm each may be used with, and a signature of another kind is refused
//! before it is looked at.

mod local;
mod pem;
mod public;

use core::fmt::{self, Debug, Display, Formatter};
use core::str::FromStr;

use async_trait::async_trait;
use pilotage_artifact::Digest;

pub use local::{KeyFileError, LocalKey};
pub use public::{BadSignature, InvalidPublicKey, PublicKey};

use crate::text::{InvalidText, serde_as_text};

/// Whoever holds a private key: a file, a hardware module, a key service.
///
/// # Contract
///
/// - **The message is signed as it is**; hashing belongs to the algorithm. A service that signs
///   digests only is given the SHA-256 of the message by its implementation.
/// - **Every signature verifies** under the public key that `key` names; an implementation that
///   cannot promise so checks before it returns.
/// - **Signatures of one message may differ** from call to call.
/// - **Cancellation.** Dropping `sign` leaves nothing behind; a service may have counted a call.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Signer: Debug + Send + Sync {
    /// Which key signs.
    fn key(&self) -> &KeyId;

    /// The signature of this message: raw for Ed25519, ASN.1 DER for ECDSA.
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure>;
}

/// Whoever can tell the signatures of one key from forgeries. Needs no network, so it is not
/// asynchronous.
///
/// # Contract
///
/// - **Only what this key signed passes**, over exactly this message.
pub trait Verifier: Debug + Send + Sync {
    /// Which key.
    fn key(&self) -> &KeyId;

    /// Checks a signature.
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature>;
}

/// The key cannot sign now.
#[derive(Debug, thiserror::Error)]
#[error("key `{key}` cannot sign: {reason}")]
pub struct SignFailure {
    /// Which key.
    pub key: KeyId,
    /// What was seen instead of a signature, and what helps.
    pub reason: String,
}

/// How signatures are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Ed25519, the default of local keys.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, which key services offer.
    EcdsaP256,
}

impl Algorithm {
    /// Its name in the name of a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
        }
    }
}

impl Display for Algorithm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name of a key: its algorithm and the SHA-256 of its public half in its standard form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    algorithm: Algorithm,
    fingerprint: Digest,
}

impl KeyId {
    /// How it signs.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Display for KeyId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.fingerprint)
    }
}

impl FromStr for KeyId {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let help = "use the id that `key new` prints, for example `ed25519:sha256:…`";
        let invalid = || InvalidText::new(text, "id of a key", help);
        let (algorithm, fingerprint) = text.split_once(':').ok_or_else(invalid)?;
        let algorithm = [Algorithm::Ed25519, Algorithm::EcdsaP256]
            .into_iter()
            .find(|known| known.name() == algorithm)
            .ok_or_else(invalid)?;
        Ok(Self { algorithm, fingerprint: fingerprint.parse().map_err(|_| invalid())? })
    }
}

serde_as_text!(KeyId);
