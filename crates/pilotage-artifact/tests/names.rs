//! Names hold for any text: what parses prints as it was written, and nothing panics.

use pilotage_artifact::{CommitId, Digest, ImageRef, Reference, Repository, Tag, Version};
use proptest::prelude::*;

/// Text of the characters that names are made of, so that many cases are nearly right.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[a-z0-9.:/@_+v-]{0,60}",
        "(a|b\\.c:5|localhost|\\[::1\\])/[a-z0-9._/-]{0,30}(:[A-Za-z0-9._-]{0,140})?(@sha256:[a-f0-9]{63,65})?"
    ]
}

fn version() -> impl Strategy<Value = String> {
    "(0|[1-9][0-9]{0,17})\\.(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})(-[a-zA-Z-][0-9a-zA-Z-]{0,9}(\\.[1-9][0-9]{0,3})?)?(\\+[0-9A-Za-z.-]{1,80})?"
}

/// Parses, and if that succeeds prints and parses again.
fn stands<T>(text: &str) -> Result<(), TestCaseError>
where
    T: std::str::FromStr + std::fmt::Display + serde::Serialize + serde::de::DeserializeOwned,
{
    if let Ok(name) = text.parse::<T>() {
        prop_assert_eq!(name.to_string(), text);
        let json = serde_json::to_string(&name).map_err(|error| failed(&error))?;
        let back: T = serde_json::from_str(&json).map_err(|error| failed(&error))?;
        prop_assert_eq!(back.to_string(), text);
    }
    Ok(())
}

fn failed(error: &serde_json::Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

proptest! {
    #[test]
    fn what_parses_prints_as_it_was_written(text in nearly()) {
        stands::<Tag>(&text)?;
        stands::<Repository>(&text)?;
        stands::<Reference>(&text)?;
        stands::<ImageRef<Tag>>(&text)?;
        stands::<ImageRef<Digest>>(&text)?;
        stands::<Digest>(&text)?;
        stands::<CommitId>(&text)?;
        stands::<Version>(&text)?;
    }

    #[test]
    fn a_reference_is_its_repository_and_its_name(text in nearly()) {
        if let Ok(reference) = text.parse::<Reference>() {
            let repository = reference.repository();
            prop_assert_eq!(format!("{}/{}", repository.registry(), repository.path()), repository.as_str());
            prop_assert!(text.starts_with(repository.as_str()));
        }
    }

    #[test]
    fn every_version_has_a_tag_that_leads_back(text in version()) {
        if let Ok(version) = text.parse::<Version>() {
            let tag = version.tag();
            prop_assert_eq!(tag.as_str().parse::<Tag>(), Ok(tag.clone()));
            prop_assert_eq!(Version::from_tag(&tag), Some(version));
        }
    }

    #[test]
    fn precedence_is_an_order(a in version(), b in version()) {
        if let (Ok(a), Ok(b)) = (a.parse::<Version>(), b.parse::<Version>()) {
            prop_assert_eq!(a.precedence(&b), b.precedence(&a).reverse());
        }
    }
}
