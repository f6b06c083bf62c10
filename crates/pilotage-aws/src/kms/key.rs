//! A key that signs.

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_public_key::GetPublicKeyOutput;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{KeySpec, KeyUsageType, MessageType, SigningAlgorithmSpec};
use pilotage_artifact::Digest;

use super::{KeyName, KmsError};
use crate::Session;
use crate::failure::{Call, Failure, failed};

/// A P-256 key of KMS, known to be one, with its public half.
#[derive(Debug, Clone)]
pub struct KmsKey {
    client: Client,
    arn: String,
    public: Vec<u8>,
}

impl KmsKey {
    /// Finds the key in the region that its name tells, or else the session's.
    pub async fn open(session: &Session, name: &KeyName) -> Result<Self, KmsError> {
        let session = name.region().map_or_else(|| session.clone(), |own| session.in_region(own));
        let client = Client::new(session.config());
        let call = Call::new("kms:GetPublicKey", format!("key `{name}`"));
        let asked = client.get_public_key().key_id(name.as_str()).send().await;
        let answer = asked.map_err(|error| failed(call.clone(), error))?;
        require_kind(name, &answer)?;
        match (answer.key_id, answer.public_key) {
            (Some(arn), Some(public)) => Ok(Self { client, arn, public: public.into_inner() }),
            _ => Err(Failure::unreadable(call, "neither name nor public key were told").into()),
        }
    }

    /// The key's own name, which always means this key.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The public half, as a `SubjectPublicKeyInfo` in DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// An ECDSA signature of this SHA-256 digest, in DER.
    pub async fn sign(&self, digest: &Digest) -> Result<Vec<u8>, Failure> {
        let call = Call::new("kms:Sign", format!("key `{}`", self.arn));
        let asked = self.client.sign().key_id(&self.arn).message_type(MessageType::Digest);
        let asked = asked.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let asked = asked.message(Blob::new(digest.bytes().as_slice())).send().await;
        let answer = asked.map_err(|error| failed(call.clone(), error))?;
        let signature = answer.signature.map(Blob::into_inner);
        signature.ok_or_else(|| Failure::unreadable(call, "no signature was told"))
    }
}

fn require_kind(name: &KeyName, answer: &GetPublicKeyOutput) -> Result<(), KmsError> {
    let fits = answer.key_spec == Some(KeySpec::EccNistP256)
        && answer.key_usage == Some(KeyUsageType::SignVerify);
    if fits {
        return Ok(());
    }
    let told = |text: Option<&str>| text.unwrap_or("an unknown kind").to_owned();
    Err(KmsError::WrongKind {
        name: name.clone(),
        spec: told(answer.key_spec.as_ref().map(KeySpec::as_str)),
        usage: told(answer.key_usage.as_ref().map(KeyUsageType::as_str)),
    })
}
