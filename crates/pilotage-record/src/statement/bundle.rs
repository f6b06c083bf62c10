//! A signed statement as it is kept: a Sigstore bundle.

use pilotage_artifact::Digest;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::envelope::{Envelope, PAYLOAD_TYPE, Signature, pae};
use super::{Statement, StatementType, Subject};
use crate::canonical::{self, CanonicalError};
use crate::encoded::Encoded;
use crate::sign::{BadSignature, KeyId, SignFailure, Signer, Verifier};

/// The type of a bundle, where kinds of files are told apart.
pub const BUNDLE_MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The largest bundle that is read.
const LARGEST: usize = 8 << 20;

/// A statement with its signature. Nothing is known of whether that is good before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    form: Form,
    bytes: Vec<u8>,
}

/// A statement whose signature is good. It has passed no policy: anybody has a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    id: Digest,
    key: KeyId,
    payload: Vec<u8>,
    predicate_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    dsse_envelope: Envelope,
    media_type: String,
    verification_material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Material {
    public_key: Hint,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    hint: KeyId,
}

/// Why a statement is not signed, or not to be believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The bytes are not those of a bundle.
    #[error("the bytes are no signed statement of the kind that is known here")]
    Bytes(#[source] CanonicalError),
    /// It is a bundle or a payload of another type.
    #[error("it is `{found}`, and only `{known}` is read here")]
    OtherType {
        /// What it is.
        found: String,
        /// What is known.
        known: &'static str,
    },
    /// The two places that name the key disagree.
    #[error("it names two keys, `{keyid}` and `{hint}`: it was put together from two")]
    TwoKeys {
        /// The key beside the signature.
        keyid: KeyId,
        /// The key beside the envelope.
        hint: KeyId,
    },
    /// The signature is not good.
    #[error("the signature is not good")]
    Signature(#[from] BadSignature),
    /// It is signed with another key than it was opened with.
    #[error("it is signed with key `{found}`, not with `{wanted}`")]
    OtherKey {
        /// The key that it names.
        found: KeyId,
        /// The key that was given.
        wanted: KeyId,
    },
    /// What was signed is no statement.
    #[error("what was signed is no in-toto statement")]
    Statement(#[source] CanonicalError),
    /// It could not be signed.
    #[error(transparent)]
    Sign(#[from] SignFailure),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    predicate_type: String,
}

impl Bundle {
    /// Signs a statement about these things.
    pub async fn seal<P: Serialize + Sync>(
        signer: &dyn Signer,
        subject: Vec<Subject>,
        predicate_type: &str,
        predicate: &P,
    ) -> Result<Self, BundleError> {
        let kind = StatementType::V1;
        let predicate_type = predicate_type.to_owned();
        let statement = Statement { kind, subject, predicate_type, predicate };
        let payload = canonical::to_bytes(&statement).map_err(BundleError::Statement)?;
        Self::sign(signer, payload).await
    }

    async fn sign(signer: &dyn Signer, payload: Vec<u8>) -> Result<Self, BundleError> {
        let sig = Encoded(signer.sign(&pae(PAYLOAD_TYPE, &payload)).await?);
        let keyid = signer.key().clone();
        let form = Form {
            dsse_envelope: Envelope {
                payload: Encoded(payload),
                payload_type: PAYLOAD_TYPE.to_owned(),
                signatures: [Signature { keyid: keyid.clone(), sig }],
            },
            media_type: BUNDLE_MEDIA_TYPE.to_owned(),
            verification_material: Material { public_key: Hint { hint: keyid } },
        };
        let bytes = canonical::to_bytes(&form).map_err(BundleError::Bytes)?;
        Ok(Self { form, bytes })
    }

    /// Reads a bundle, and refuses whatever is not exactly the canonical bytes of one.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let form: Form = canonical::from_slice(bytes, LARGEST).map_err(BundleError::Bytes)?;
        of_type(&form.media_type, BUNDLE_MEDIA_TYPE)?;
        of_type(&form.dsse_envelope.payload_type, PAYLOAD_TYPE)?;
        let [Signature { keyid, .. }] = &form.dsse_envelope.signatures;
        let hint = &form.verification_material.public_key.hint;
        if keyid != hint {
            return Err(BundleError::TwoKeys { keyid: keyid.clone(), hint: hint.clone() });
        }
        Ok(Self { bytes: bytes.to_vec(), form })
    }

    /// The canonical bytes, for a store.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Which key it says that it is signed with.
    pub fn key(&self) -> &KeyId {
        let [Signature { keyid, .. }] = &self.form.dsse_envelope.signatures;
        keyid
    }

    /// What it says, if this key signed it.
    pub fn open(&self, verifier: &dyn Verifier) -> Result<Claim, BundleError> {
        if self.key() != verifier.key() {
            let (found, wanted) = (self.key().clone(), verifier.key().clone());
            return Err(BundleError::OtherKey { found, wanted });
        }
        let Encoded(payload) = &self.form.dsse_envelope.payload;
        let [Signature { sig, .. }] = &self.form.dsse_envelope.signatures;
        verifier.verify(&pae(PAYLOAD_TYPE, payload), &sig.0)?;
        let head: Head = serde_json::from_slice(payload)
            .map_err(|error| BundleError::Statement(CanonicalError::Unexpected(error)))?;
        Ok(Claim {
            id: Digest::of(payload),
            key: self.key().clone(),
            payload: payload.clone(),
            predicate_type: head.predicate_type,
        })
    }
}

impl Claim {
    /// The digest of what was signed. Two signatures of one statement have the same.
    pub const fn id(&self) -> Digest {
        self.id
    }

    /// Which key signed it.
    pub const fn key(&self) -> &KeyId {
        &self.key
    }

    /// Of which kind it is.
    pub fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// The statement, strictly.
    pub fn statement<P: DeserializeOwned + Serialize>(&self) -> Result<Statement<P>, BundleError> {
        canonical::from_slice(&self.payload, LARGEST).map_err(BundleError::Statement)
    }
}

fn of_type(found: &str, known: &'static str) -> Result<(), BundleError> {
    if found == known { Ok(()) } else { Err(BundleError::OtherType { found: found.into(), known }) }
}
