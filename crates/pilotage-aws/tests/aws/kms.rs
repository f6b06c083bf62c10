//! KMS: the signature is one, by that key, of that digest.

use aws_sdk_kms::types::{KeySpec, KeyUsageType};
use pilotage_aws::Kind;
use pilotage_aws::kms::{KeyName, KmsError, KmsKey};
use pilotage_record::sign::{Algorithm, PublicKey, Signer as _, Verifier as _};

use crate::emulator::Emulator;

async fn create(emulator: &Emulator, spec: KeySpec) -> KeyName {
    let client = aws_sdk_kms::Client::new(&emulator.admin());
    let made = client.create_key().key_spec(spec).key_usage(KeyUsageType::SignVerify);
    let made = made.send().await.expect("created");
    let key = made.key_metadata().expect("told");
    key.arn().expect("told").parse().expect("a name")
}

#[tokio::test]
async fn a_signature_verifies_with_the_public_half_and_with_no_other_message() {
    let Some(emulator) = Emulator::ministack() else { return };
    let name = create(&emulator, KeySpec::EccNistP256).await;
    let key = KmsKey::open(&emulator.session().await, &name).await.expect("it is there");
    assert_eq!(key.arn(), name.as_str());

    assert_eq!(key.key().algorithm(), Algorithm::EcdsaP256);

    let signature = key.sign(b"a release").await.expect("signed");
    let public: PublicKey = key.public_key().to_string().parse().expect("it travels as PEM");
    assert_eq!(public.key(), key.key());
    assert!(public.verify(b"a release", &signature).is_ok());
    assert!(public.verify(b"another one", &signature).is_err());
}

#[tokio::test]
async fn a_service_that_hashes_once_more_is_found_out() {
    let Some(emulator) = Emulator::moto() else { return };
    let name = create(&emulator, KeySpec::EccNistP256).await;
    let key = KmsKey::open(&emulator.session().await, &name).await.expect("it is there");
    let refused = key.sign(b"a release").await.expect_err("it signs something else");
    assert!(refused.to_string().contains("not its own"), "{refused}");
}

#[tokio::test]
async fn a_key_of_another_kind_is_refused_before_it_signs() {
    let Some(emulator) = Emulator::ministack() else { return };
    let name = create(&emulator, KeySpec::Rsa2048).await;
    let refused = KmsKey::open(&emulator.session().await, &name).await.expect_err("RSA");
    assert!(matches!(refused, KmsError::WrongKind { .. }), "{refused}");
    assert!(refused.to_string().contains("--key-spec ECC_NIST_P256"), "{refused}");
}

#[tokio::test]
async fn a_key_that_is_not_there_is_missing() {
    let Some(emulator) = Emulator::ministack() else { return };
    let name: KeyName = "alias/nowhere".parse().expect("a name");
    match KmsKey::open(&emulator.session().await, &name).await.expect_err("not there") {
        KmsError::Aws(failure) => assert_eq!(failure.kind(), Kind::Missing, "{failure}"),
        error @ KmsError::WrongKind { .. } => panic!("{error}"),
    }
}
