//! Names of artifacts: they print as they were written.

use core::fmt::{Debug, Display};
use core::str::FromStr;

use pilotage_artifact::{Digest, ImageRef, Reference, Repository, Tag, Version};

/// References and their parts; a reference is also one of its two kinds, and never both.
pub(super) fn reference(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    stands::<Tag>(text);
    stands::<Repository>(text);
    stands::<Digest>(text);
    let kinds =
        [stands::<ImageRef<Tag>>(text).is_some(), stands::<ImageRef<Digest>>(text).is_some()];
    let any = stands::<Reference>(text).is_some();
    assert_eq!(kinds.iter().filter(|is| **is).count(), usize::from(any), "{text:?}");
}

/// Versions, and the tags that are made of them.
pub(super) fn version(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Some(version) = stands::<Version>(text) {
        let tag = version.tag();
        assert_eq!(tag.as_str().parse().as_ref(), Ok(&tag), "{text:?}");
        assert_eq!(Version::from_tag(&tag), Some(version), "{text:?}");
    }
    if let Some(of_tag) = stands::<Tag>(text).and_then(|tag| Version::from_tag(&tag)) {
        assert_eq!(of_tag.tag().as_str(), text);
    }
}

/// Parses, and if that succeeds prints the same text.
fn stands<T: FromStr + Display + Debug>(text: &str) -> Option<T> {
    let name = text.parse::<T>().ok()?;
    assert_eq!(name.to_string(), text, "{name:?}");
    Some(name)
}
