//! Keys: files, names and signatures.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use pilotage_record::sign::{
    Algorithm, KeyFileError, KeyId, LocalKey, PublicKey, Signer as _, Verifier as _,
};

use super::fixtures::{key, now};

#[test]
fn a_signature_is_that_of_the_published_vector() {
    // RFC 8032, section 7.1, test 1: the empty message.
    let signature = now(key().sign(b"")).unwrap();
    let hex = signature.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(
        hex,
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
         d25bf5f0595bbe24655141438e7a100b"
    );
}

#[test]
fn each_algorithm_signs_and_no_other_signature_passes() {
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
        let key = LocalKey::generate(algorithm).unwrap();
        let other = LocalKey::generate(algorithm).unwrap();
        assert_eq!(key.public().key().algorithm(), algorithm);
        let signature = now(key.sign(b"a message")).unwrap();
        assert_eq!(key.public().verify(b"a message", &signature), Ok(()));
        assert!(key.public().verify(b"another message", &signature).is_err(), "{algorithm}");
        assert!(other.public().verify(b"a message", &signature).is_err(), "{algorithm}");
        for at in 0..signature.len() {
            let mut flipped = signature.clone();
            flipped[at] ^= 1;
            assert!(key.public().verify(b"a message", &flipped).is_err(), "{algorithm}, {at}");
        }
    }
}

#[test]
fn a_key_comes_back_from_its_file_and_nobody_else_may_read_that() {
    let directory = tempfile::tempdir().unwrap();
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
        let path = directory.path().join(algorithm.name());
        let key = LocalKey::generate(algorithm).unwrap();
        key.write(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(LocalKey::read(&path).unwrap().public(), key.public());
        assert!(matches!(key.write(&path), Err(KeyFileError::File { .. })), "never written over");
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let exposed = LocalKey::read(&path).unwrap_err();
        assert!(matches!(exposed, KeyFileError::Exposed { mode: 0o640, .. }), "{exposed}");
        assert!(exposed.to_string().contains("chmod 600"), "{exposed}");
    }
}

#[test]
fn a_key_never_shows_its_private_half() {
    let shown = format!("{:?}", key());
    assert!(shown.starts_with("LocalKey(ed25519:sha256:") && shown.len() < 100, "{shown}");
}

#[test]
fn public_keys_and_names_come_back_from_their_text() {
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
        let public = LocalKey::generate(algorithm).unwrap().public().clone();
        assert_eq!(public.to_string().parse::<PublicKey>().as_ref(), Ok(&public));
        assert_eq!(public.key().to_string().parse::<KeyId>().as_ref(), Ok(public.key()));
        // An algorithm is part of the name, so a key cannot be used with another one.
        let other = public.key().to_string().replace("ed25519", "rsa").replace("ecdsa-p256", "rsa");
        assert!(other.parse::<KeyId>().is_err(), "{other}");
    }
    for text in ["", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", "x"] {
        assert!(text.parse::<PublicKey>().is_err(), "{text}");
    }
}
