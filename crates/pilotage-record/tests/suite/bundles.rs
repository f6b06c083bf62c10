//! Signed statements: their one form, and everything that is not believed.

use pilotage_artifact::Digest;
use pilotage_record::event::{Deed, Event, Scope};
use pilotage_record::record::Record;
use pilotage_record::sign::{Algorithm, LocalKey, Verifier as _};
use pilotage_record::statement::predicate::{Identity, Predicate as _, Svr};
use pilotage_record::statement::{Bundle, BundleError, Subject, subjects};
use pilotage_record::trust::{Distrust, TrustPolicy};

use super::fixtures::{key, minute, now, record, seal, trust, trusting};

fn event(record: &Record) -> Event {
    Event {
        record: record.id(),
        scope: Scope::Release,
        after: Vec::new(),
        at: minute(0),
        by: "ci".parse().unwrap(),
        fence: Some(7),
        deed: Deed::Built { evidence: None },
    }
}

/// The digest of the bundle of the fixtures: Ed25519 gives the same signature every time, so the
/// whole of it never changes.
const GOLDEN: &str = "sha256:f5244cd92ad608b424063e53bdaa18146473bf899fcaef6d55c6eea8a023af75";

#[test]
fn a_signed_event_has_the_same_bytes_everywhere() {
    let record = record();
    let bundle = seal(&record, &event(&record), &key());
    assert_eq!(Digest::of(bundle.bytes()).to_string(), GOLDEN);
    let text = String::from_utf8(bundle.bytes().to_vec()).unwrap();
    assert!(
        text.contains(r#""mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json""#),
        "{text}"
    );
    assert!(text.contains(r#""payloadType":"application/vnd.in-toto+json""#), "{text}");
    let believed = trust(&key()).believe(&Bundle::parse(bundle.bytes()).unwrap()).unwrap();
    assert_eq!(believed.event(), &event(&record));
}

#[test]
fn a_statement_is_about_every_part_of_the_release() {
    let record = record();
    let about: Vec<_> = subjects(&record).into_iter().map(|subject| subject.name).collect();
    assert_eq!(
        about,
        [
            "release",
            "https://github.com/shop/web",
            "registry.example/shop/web",
            "registry.example/shop/web linux/amd64",
            "registry.example/shop/web linux/arm64",
            "assembly"
        ]
    );
}

#[test]
fn every_flipped_bit_is_found() {
    let record = record();
    for key in [key(), LocalKey::generate(Algorithm::EcdsaP256).unwrap()] {
        let trust = trust(&key);
        let bundle = seal(&record, &event(&record), &key);
        for at in 0..bundle.bytes().len() {
            let mut bytes = bundle.bytes().to_vec();
            bytes[at] ^= 1 << (at % 8);
            let believed = Bundle::parse(&bytes).map_err(Distrust::from);
            let believed = believed.and_then(|bundle| trust.believe(&bundle));
            assert!(believed.is_err(), "byte {at} of {}", bundle.bytes().len());
        }
    }
}

#[test]
fn a_key_that_nobody_trusts_says_nothing() {
    let record = record();
    let stranger = LocalKey::generate(Algorithm::Ed25519).unwrap();
    let forged = seal(&record, &event(&record), &stranger);
    let error = trust(&key()).believe(&forged).unwrap_err();
    assert!(matches!(error, Distrust::UnknownKey { .. }), "{error}");
}

/// Puts the name of a trusted key where that of the forger is.
#[test]
fn the_name_of_a_trusted_key_is_not_enough() {
    let record = record();
    let stranger = LocalKey::generate(Algorithm::Ed25519).unwrap();
    let forged = seal(&record, &event(&record), &stranger);
    let text = String::from_utf8(forged.bytes().to_vec()).unwrap();
    let (mine, theirs) = (key().public().key().to_string(), stranger.public().key().to_string());
    let both = Bundle::parse(text.replace(&theirs, &mine).as_bytes()).unwrap();
    let error = trust(&key()).believe(&both).unwrap_err();
    assert!(matches!(error, Distrust::Bundle(BundleError::Signature(_))), "{error}");
    let one = Bundle::parse(text.replacen(&theirs, &mine, 1).as_bytes());
    assert!(matches!(one, Err(BundleError::TwoKeys { .. })), "{one:?}");
}

#[test]
fn a_key_says_only_what_it_may() {
    let record = record();
    let policy = |change: (&str, &str)| -> TrustPolicy {
        let text = trusting(&key());
        let changed = text.replace(change.0, change.1);
        assert_ne!(changed, text, "{change:?}");
        toml::from_str(&changed).unwrap()
    };
    let bundle = seal(&record, &event(&record), &key());
    for change in [
        (r#""built", "#, ""),
        (r#"scopes = ["*"]"#, r#"scopes = ["dev"]"#),
        (r#"actors = ["*"]"#, r#"actors = ["ana"]"#),
    ] {
        let error = policy(change).believe(&bundle).unwrap_err();
        assert!(matches!(error, Distrust::NotAllowed { .. }), "{change:?}: {error}");
    }
}

#[test]
fn what_is_said_in_the_wrong_chain_is_not_believed() {
    let record = record();
    let misplaced = Event { deed: Deed::Deployed { sequence: 17 }, ..event(&record) };
    let error = trust(&key()).believe(&seal(&record, &misplaced, &key())).unwrap_err();
    assert!(matches!(error, Distrust::Misplaced { .. }), "{error}");
}

#[test]
fn an_event_about_another_release_than_its_subjects_is_not_believed() {
    let record = record();
    let subject = vec![Subject::sha256("release", &Digest::of(b"another"))];
    let bundle = now(Bundle::seal(&key(), subject, Event::TYPE, &event(&record))).unwrap();
    let error = trust(&key()).believe(&bundle).unwrap_err();
    assert!(matches!(error, Distrust::OtherSubject), "{error}");
}

#[test]
fn statements_of_other_kinds_are_carried_and_are_no_events() {
    let record = record();
    let said = Svr {
        verifier: Identity { id: "https://example.com/verifier".to_owned() },
        time_created: minute(3),
        properties: vec!["SHOP_REVIEWED".to_owned()],
    };
    let bundle = now(Bundle::seal(&key(), subjects(&record), Svr::TYPE, &said)).unwrap();
    let error = trust(&key()).believe(&bundle).unwrap_err();
    assert!(matches!(error, Distrust::NotAnEvent { .. }), "{error}");
    let claim = bundle.open(key().public()).unwrap();
    assert_eq!(claim.statement::<Svr>().unwrap().predicate, said);
    let other = LocalKey::generate(Algorithm::Ed25519).unwrap();
    assert!(matches!(bundle.open(other.public()), Err(BundleError::OtherKey { .. })));
}
