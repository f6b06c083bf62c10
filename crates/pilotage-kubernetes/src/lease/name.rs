//! What the object of a lease is called.
//!
//! A name that Kubernetes takes as it is stays as it is. Every other one (with upper case, with
//! `_`) becomes as much of it as Kubernetes takes, and a hash of all of it, so that no two leases
//! share an object.

use std::fmt::Write as _;

use pilotage_lease::LeaseName;
use sha2::{Digest as _, Sha256};

/// How many bytes of the hash are kept: enough that none is met twice.
const KEPT: usize = 16;

/// The name of the lease's object.
pub(super) fn of(name: &LeaseName) -> String {
    let name = name.as_str();
    if is_object(name) && !ends_like_a_hash(name) { name.into() } else { hashed(name) }
}

/// Whether Kubernetes takes it: parts with a letter or digit at either end, joined by dots.
fn is_object(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| fits(byte) || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    name.split('.').all(is_part)
}

fn ends_like_a_hash(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.len() == 2 * KEPT && last.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hashed(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let shown: String =
        lower.bytes().map(|byte| if fits(byte) { byte.into() } else { '-' }).collect();
    let shown = match shown.trim_matches('-') {
        "" => "lease",
        shown => shown,
    };
    let mut object = format!("{shown}.");
    for byte in Sha256::digest(name.as_bytes()).iter().take(KEPT) {
        // A string takes all that is written.
        let _ = write!(object, "{byte:02x}");
    }
    object
}

const fn fits(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> String {
        of(&text.parse().expect("a name"))
    }

    #[test]
    fn what_kubernetes_takes_stays_as_it_is() {
        for text in ["shop", "prod.shop-a", "7"] {
            assert_eq!(object(text), text);
        }
    }

    #[test]
    fn every_other_name_is_taken_too_and_is_one_of_its_own() {
        let (long, taken) = ("X".repeat(128), object("A"));
        let texts =
            ["A", "a_", "_", "_a", "a-", "a..b", "a.-b", "Prod.Shop", "a-.b", &long, &taken];
        let mut objects: Vec<String> = texts.into_iter().map(object).collect();
        for (text, object) in texts.iter().zip(&objects) {
            assert!(is_object(object) && object.len() <= 253, "{text}: {object}");
            assert_ne!(text, object);
        }
        objects.sort();
        objects.dedup();
        assert_eq!(objects.len(), texts.len());
        assert!(object("Prod_Shop").starts_with("prod-shop."));
    }
}
