//! Records: their one form, and everything that is refused.

use pilotage_artifact::Digest;
use pilotage_record::record::{Child, Image, ImageFault, Record, RecordError, RecordId};
use proptest::prelude::*;

use super::fixtures::{COMMIT, content, image, index, manifest, record};

/// The id of the record of the fixtures. It changes only if the form of records does, and then all
/// records that exist change their names: give the form a new version instead.
const GOLDEN: &str = "sha256:756dd4a9efde6c39d9458164fb42c91448dadb274f285000c4f7a333bd03de1f";

#[test]
fn the_name_of_a_record_never_changes() {
    let record = record();
    assert_eq!(record.id().to_string(), GOLDEN);
    assert_eq!(Digest::of(record.bytes()), record.id().digest());
    assert_eq!(Record::expect(record.id(), record.bytes()).unwrap(), record);
}

#[test]
fn a_record_says_what_it_is_bound_to() {
    let text = String::from_utf8(record().bytes().to_vec()).unwrap();
    assert!(
        text.starts_with(r#"{"author":"ana@shop.example","builder":{"attempt":1,"id":"#),
        "{text}"
    );
    assert!(text.contains(r#""schema":"pilotage.release/v1""#), "{text}");
    assert!(text.contains(r#""dirty":false"#) && text.contains(COMMIT), "{text}");
}

#[test]
fn a_release_is_named_by_its_version_and_its_content() {
    let record = record();
    let release = record.release().unwrap();
    assert_eq!(release.id.as_str(), format!("1.4.0.{}", record.id().short()));
    assert_eq!((release.digest, release.sequence), (record.id().digest(), 17));
    assert_eq!(record.anchor(), Digest::of(&index()));
    let platforms: Vec<_> = record.platforms().iter().map(ToString::to_string).collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64"]);
}

#[test]
fn the_digests_of_an_image_follow_from_its_manifests() {
    let image = image();
    assert_eq!((image.digest(), image.manifest()), (Digest::of(&index()), index().as_slice()));
    let configs: Vec<_> = image.children().iter().map(Child::config).collect();
    assert_eq!(configs, [Digest::of(b"linux/amd64"), Digest::of(b"linux/arm64")]);
    assert_eq!(image.attestations().len(), 1, "what a builder says is no image");
    assert_eq!(image.attestations()[0].about, Some(Digest::of(&manifest("linux/amd64"))));
}

#[test]
fn an_image_without_one_of_its_manifests_is_refused() {
    let (name, repository) = ("web".parse().unwrap(), "registry.example/web".parse().unwrap());
    let lacking = Image::of_index(name, repository, index(), &[manifest("linux/amd64")]);
    assert!(
        matches!(&lacking, Err(ImageFault::NoManifest { platform }) if platform.as_str() == "linux/arm64"),
        "{lacking:?}"
    );
}

#[test]
fn an_image_for_one_platform_is_told_which() {
    let (name, repository) = ("web".parse().unwrap(), "registry.example/web".parse().unwrap());
    let platform = "linux/amd64".parse().unwrap();
    let image = Image::of_manifest(name, repository, platform, manifest("linux/amd64")).unwrap();
    assert_eq!(image.children()[0].digest(), image.digest());
    let mut content = content();
    content.images = vec![image];
    let record = Record::new(&content).unwrap();
    assert_eq!(Record::parse(record.bytes()).unwrap(), record);
}

#[test]
fn what_contradicts_itself_cannot_be_recorded() {
    let refused = |change: &dyn Fn(&mut pilotage_record::record::Content)| {
        let mut content = content();
        change(&mut content);
        Record::new(&content).unwrap_err()
    };
    let other = "f".repeat(40);
    let error = refused(&|content| {
        content.source.tag.as_mut().unwrap().commit = other.parse().unwrap();
    });
    assert!(matches!(error, RecordError::TagElsewhere { .. }), "{error}");
    let error = refused(&|content| content.version = "1.4.1".parse().unwrap());
    assert!(matches!(error, RecordError::TagOtherwise { .. }), "{error}");
    let error = refused(&|content| content.migrations.digest = Digest::of(b"else"));
    assert!(matches!(error, RecordError::Migrations { .. }), "{error}");
    let error = refused(&|content| content.images.push(image()));
    assert!(matches!(error, RecordError::Twice { what: "image", .. }), "{error}");
    let error = refused(&|content| {
        content.images.clear();
        content.outputs.clear();
    });
    assert!(matches!(error, RecordError::Empty), "{error}");
}

#[test]
fn a_work_tree_with_changes_has_no_record() {
    let text = String::from_utf8(record().bytes().to_vec()).unwrap();
    let dirty = Record::parse(text.replace(r#""dirty":false"#, r#""dirty":true"#).as_bytes());
    let error = format!("{:?}", dirty.unwrap_err());
    assert!(error.contains("commit or stash"), "{error}");
}

#[test]
fn another_record_than_was_asked_for_is_refused() {
    let other = RecordId::new(Digest::of(b"another"));
    let refused = Record::expect(other, record().bytes());
    assert!(matches!(refused, Err(RecordError::Another { .. })), "{refused:?}");
}

#[test]
fn an_edited_image_is_found_even_under_a_new_name() {
    let text = String::from_utf8(record().bytes().to_vec()).unwrap();
    let edited = text.replace("linux/arm64", "linux/riscv64");
    let refused = Record::parse(edited.as_bytes()).unwrap_err();
    assert!(
        matches!(refused, RecordError::Image { source: ImageFault::NotItsManifest, .. }),
        "{refused:?}"
    );
}

#[test]
fn what_is_not_known_is_refused() {
    let text = String::from_utf8(record().bytes().to_vec()).unwrap();
    for edited in [
        text.replace(r#""prefix":"v""#, r#""plus":1,"prefix":"v""#),
        text.replace("pilotage.release/v1", "pilotage.release/v2"),
        text.replace(r#""prefix":"v","#, ""),
        text.replace(r#""prefix":"v","#, r#""prefix":"v","prefix":"v","#),
        format!("{text}\n"),
    ] {
        assert_ne!(edited, text);
        assert!(matches!(Record::parse(edited.as_bytes()), Err(RecordError::Bytes(_))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_record_with_any_bit_flipped_is_not_that_record(at in 0usize..1_000_000, bit in 0u8..8) {
        let record = record();
        let mut bytes = record.bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(Record::expect(record.id(), &bytes).is_err());
    }

    #[test]
    fn bytes_from_anywhere_never_end_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Record::parse(&bytes).is_err());
    }
}
