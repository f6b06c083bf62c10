//! A key that signs.

use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_public_key::GetPublicKeyOutput;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{KeySpec, KeyUsageType, MessageType, SigningAlgorithmSpec};
use pilotage_artifact::Digest;
use pilotage_record::sign::{Algorithm, KeyId, PublicKey, SignFailure, Signer, Verifier as _};

use super::{KeyName, KmsError};
use crate::Session;
use crate::failure::{Call, Failure, failed};

/// A P-256 key of KMS, known to be one, with its public half.
#[derive(Debug, Clone)]
pub struct KmsKey {
    client: Client,
    arn: String,
    public: PublicKey,
}

impl KmsKey {
    /// Finds the key in the region that its name tells, or else the session's.
    pub async fn open(session: &Session, name: &KeyName) -> Result<Self, KmsError> {
        let session = name.region().map_or_else(|| session.clone(), |own| session.in_region(own));
        let client = Client::new(session.config());
        let call = Call::new("kms:GetPublicKey", format!("key `{name}`"));
        let asked = client.get_public_key().key_id(name.as_str()).send().await;
        let answer = asked.map_err(|error| failed(call.clone(), error))?;
        let public = public(&answer).ok_or_else(|| wrong_kind(name, &answer))?;
        let unreadable = || Failure::unreadable(call, "the key's name was not told");
        Ok(Self { client, arn: answer.key_id.ok_or_else(unreadable)?, public })
    }

    /// The key's own name, which always means this key.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The public half, by which signatures are checked without asking anybody.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// An ECDSA signature of this SHA-256 digest, in DER, as the service gives it.
    async fn sign_digest(&self, digest: &Digest) -> Result<Vec<u8>, Failure> {
        let call = Call::new("kms:Sign", format!("key `{}`", self.arn));
        let asked = self.client.sign().key_id(&self.arn).message_type(MessageType::Digest);
        let asked = asked.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let asked = asked.message(Blob::new(digest.bytes().as_slice())).send().await;
        let answer = asked.map_err(|error| failed(call.clone(), error))?;
        let signature = answer.signature.map(Blob::into_inner);
        signature.ok_or_else(|| Failure::unreadable(call, "no signature was told"))
    }
}

#[async_trait]
impl Signer for KmsKey {
    fn key(&self) -> &KeyId {
        self.public.key()
    }

    /// The service is given the digest alone, so that messages of any length can be signed; what
    /// it gives is checked, for a service that hashes once more gives a signature of nothing.
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let failed = |reason| SignFailure { key: self.key().clone(), reason };
        let signature = self.sign_digest(&Digest::of(message)).await;
        let signature = signature.map_err(|failure| failed(failure.to_string()))?;
        self.public.verify(message, &signature).map_err(|_| {
            failed(format!("`kms:Sign` with `{}` gave a signature that is not its own", self.arn))
        })?;
        Ok(signature)
    }
}

/// The public half, if it is one that signs with what is signed with here. The key itself is
/// believed rather than what is said of it.
fn public(answer: &GetPublicKeyOutput) -> Option<PublicKey> {
    let public = PublicKey::from_der(answer.public_key.as_ref()?.as_ref()).ok()?;
    let signs = answer.key_usage == Some(KeyUsageType::SignVerify);
    (signs && public.key().algorithm() == Algorithm::EcdsaP256).then_some(public)
}

fn wrong_kind(name: &KeyName, answer: &GetPublicKeyOutput) -> KmsError {
    let told = |text: Option<&str>| text.unwrap_or("an unknown kind").to_owned();
    KmsError::WrongKind {
        name: name.clone(),
        spec: told(answer.key_spec.as_ref().map(KeySpec::as_str)),
        usage: told(answer.key_usage.as_ref().map(KeyUsageType::as_str)),
    }
}
