//! A private key in a file that only its owner may read.

use core::fmt::{self, Debug, Formatter};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use zeroize::Zeroizing;

use super::{Algorithm, KeyId, PublicKey, SignFailure, Signer, Verifier as _, pem};

const LABEL: &str = "PRIVATE KEY";

/// No key of a known kind has a longer file.
const LARGEST: u64 = 4_096;

/// A private key in memory. Its bytes are wiped when it is dropped.
pub struct LocalKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Ed25519(Box<Ed25519KeyPair>),
    EcdsaP256(Box<EcdsaKeyPair>),
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The file cannot be used.
    #[error("the key file {} cannot be {verb}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Read or written.
        verb: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// Others could have read it.
    #[error(
        "the key file {} may be read by others (mode {mode:o}): run `chmod 600` on it, and make a \
         new key if others had access", .path.display()
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It holds no key of a known kind.
    #[error(
        "the file {} holds no private key that is known here: `key new` makes one; of others, \
         unencrypted PKCS#8 as PEM, of Ed25519 or P-256, is read", .path.display()
    )]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// The system has no randomness, or the like.
    #[error("no key can be made: the system's source of randomness does not answer")]
    NotMade,
}

impl LocalKey {
    /// Makes a key.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyFileError> {
        let pair = match algorithm {
            Algorithm::Ed25519 => Ed25519KeyPair::generate().map(Box::new).map(Pair::Ed25519),
            Algorithm::EcdsaP256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)
                .map(Box::new)
                .map(Pair::EcdsaP256),
        };
        pair.ok().and_then(Self::of).ok_or(KeyFileError::NotMade)
    }

    /// Reads a key from its text.
    pub fn from_pem(text: &str) -> Option<Self> {
        let der = pem::decode(LABEL, text)?;
        let ed25519 = || Ed25519KeyPair::from_pkcs8(&der).ok();
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).ok();
        let pair = ed25519().map(Box::new).map(Pair::Ed25519);
        pair.or_else(|| p256().map(Box::new).map(Pair::EcdsaP256)).and_then(Self::of)
    }

    /// Reads a key from a file that only its owner may read.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let failed = |source| KeyFileError::File { path: path.into(), verb: "read", source };
        let file = open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Exposed { path: path.into(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        file.take(LARGEST).read_to_string(&mut text).map_err(failed)?;
        Self::from_pem(&text).ok_or_else(|| KeyFileError::NoKey { path: path.into() })
    }

    /// Writes the key into a new file that only its owner may read.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        let failed = |source| KeyFileError::File { path: path.into(), verb: "written", source };
        let der = self.pkcs8().ok_or(KeyFileError::NotMade)?;
        let text = Zeroizing::new(pem::encode(LABEL, &der));
        let mut file = create_new(path).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
    }

    /// The public half.
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    fn of(pair: Pair) -> Option<Self> {
        let form: PublicKeyX509Der<'_> = match &pair {
            Pair::Ed25519(pair) => pair.public_key().as_der().ok()?,
            Pair::EcdsaP256(pair) => pair.public_key().as_der().ok()?,
        };
        let public = PublicKey::from_der(form.as_ref()).ok()?;
        Some(Self { pair, public })
    }

    fn pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        let der = match &self.pair {
            Pair::Ed25519(pair) => pair.to_pkcs8v1(),
            Pair::EcdsaP256(pair) => pair.to_pkcs8v1(),
        };
        der.ok().map(|der| Zeroizing::new(der.as_ref().to_vec()))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the file access of keys")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Makes a file that nobody else may read at any moment, and never writes over another key.
#[expect(clippy::disallowed_methods, reason = "this is the file access of keys")]
fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[async_trait]
impl Signer for LocalKey {
    fn key(&self) -> &KeyId {
        self.public.key()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let signature = match &self.pair {
            Pair::Ed25519(pair) => pair.try_sign(message),
            Pair::EcdsaP256(pair) => pair.sign(&SystemRandom::new(), message),
        };
        let reason = "the system's source of randomness does not answer";
        signature
            .map(|signature| signature.as_ref().to_vec())
            .map_err(|_| SignFailure { key: self.key().clone(), reason: reason.into() })
    }
}

/// Shows the public half only.
impl Debug for LocalKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "LocalKey({})", self.public.key())
    }
}
