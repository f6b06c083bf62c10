//! Known secrets, and text without them.

use core::fmt::{self, Debug, Formatter};

/// What stands where a secret was.
const COVERED: &str = "***";

/// What is shorter is no secret, and would be found everywhere.
const SHORTEST: usize = 3;

/// Secrets that must not be seen in anything that is shown or kept.
#[derive(Clone, Default)]
pub struct Veil {
    /// The longest first, so that one within another leaves nothing of the longer.
    secrets: Vec<String>,
}

impl Veil {
    /// Covers these texts, and for addresses also the password within, as it is written and as it
    /// is meant.
    pub fn over(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = Vec::new();
        for secret in secrets {
            if let Some(password) = password(&secret) {
                all.push(decoded(password));
                all.push(password.to_owned());
            }
            all.push(secret.trim().to_owned());
        }
        all.retain(|secret| secret.chars().count() >= SHORTEST);
        all.sort_by(|a, b| (b.len(), b).cmp(&(a.len(), a)));
        all.dedup();
        Self { secrets: all }
    }

    /// The text without any of them.
    pub fn cover(&self, text: &str) -> String {
        let cover = |text: String, secret: &String| text.replace(secret.as_str(), COVERED);
        self.secrets.iter().fold(text.to_owned(), cover)
    }
}

/// The password in an address, `scheme://user:password@host`.
fn password(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let end = rest.find('/').unwrap_or(rest.len());
    // A password may hold what ends the authority, where nobody has encoded it.
    let authority = rest.get(..end).filter(|it| it.contains('@')).unwrap_or(rest);
    let (user, _) = authority.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}

/// Text with its percent signs resolved.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let meant = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(meant.unwrap_or(*byte));
        at += if meant.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

impl Debug for Veil {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Veil").field("secrets", &self.secrets.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_covered_as_it_is_written_and_as_it_is_meant() {
        let veil = Veil::over(["postgres://deploy:hu%21sh@db.example/shop".to_owned()]);
        for text in ["postgres://deploy:hu%21sh@db.example/shop", "said hu!sh", "said hu%21sh"] {
            let covered = veil.cover(text);
            assert!(!covered.contains("hu") && covered.contains(COVERED), "{covered}");
        }
        assert_eq!(veil.cover("nothing of it"), "nothing of it");
        assert!(!format!("{veil:?}").contains("hu"));
    }

    #[test]
    fn odd_addresses_and_passwords_are_covered() {
        for (address, shown) in [
            ("mysql://u:a/b@c@host/db", "a/b@c"),
            ("mysql://u:%zzz@host/db", "%zzz"),
            ("not an address", "not an address"),
        ] {
            let veil = Veil::over([address.to_owned(), String::new(), "ab".to_owned()]);
            assert_eq!(veil.cover(shown), COVERED, "{address}");
            assert_eq!(veil.cover("ab"), "ab", "too short to be told from text");
        }
    }
}
