//! Public keys.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;
use pilotage_artifact::Digest;

use super::{Algorithm, KeyId, Verifier, pem};
use crate::text::serde_as_text;

const LABEL: &str = "PUBLIC KEY";

/// What stands before an Ed25519 key in its standard form (RFC 8410), and how long the whole is.
const ED25519_FORM: (&[u8], usize) =
    (&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], 44);

/// The same for an uncompressed point on P-256 (RFC 5480).
const P256_FORM: (&[u8], usize) = (
    &[
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ],
    91,
);

/// The public half of a key, written as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    form: Vec<u8>,
}

/// Bytes that are no public key of a known kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no public key that is known here: give the PEM text that begins with `-----BEGIN \
     PUBLIC KEY-----`, of an Ed25519 or P-256 key"
)]
pub struct InvalidPublicKey;

/// A signature that this key did not make over this message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not one of key `{key}` over these bytes: they were changed or forged")]
pub struct BadSignature {
    /// Which key.
    pub key: KeyId,
}

impl PublicKey {
    /// The key of this standard form (`SubjectPublicKeyInfo` as DER).
    pub fn from_der(form: &[u8]) -> Result<Self, InvalidPublicKey> {
        let is = |(prefix, length): (&[u8], usize)| form.len() == length && form.starts_with(prefix);
        let algorithm = match form {
            _ if is(ED25519_FORM) => Algorithm::Ed25519,
            _ if is(P256_FORM) => Algorithm::EcdsaP256,
            _ => return Err(InvalidPublicKey),
        };
        let id = KeyId { algorithm, fingerprint: Digest::of(form) };
        Ok(Self { id, form: form.to_vec() })
    }
}

impl Verifier for PublicKey {
    fn key(&self) -> &KeyId {
        &self.id
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let verified = match self.id.algorithm() {
            Algorithm::Ed25519 => {
                UnparsedPublicKey::new(&ED25519, &self.form).verify(message, signature)
            }
            Algorithm::EcdsaP256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.form)
                .verify(message, signature),
        };
        verified.map_err(|_| BadSignature { key: self.id.clone() })
    }
}

impl Display for PublicKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&pem::encode(LABEL, &self.form))
    }
}

impl FromStr for PublicKey {
    type Err = InvalidPublicKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = pem::decode(LABEL, text).ok_or(InvalidPublicKey)?;
        Self::from_der(&form)
    }
}

serde_as_text!(PublicKey);
