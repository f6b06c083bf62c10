//! By what a database knows a lock.

use pilotage_lease::LeaseName;
use sha2::{Digest, Sha256};

/// By what a database knows a lock: a hash of the name, for servers know only numbers or short
/// names, and share them among all their applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    hash: [u8; 32],
}

impl Key {
    pub(crate) fn of(name: &LeaseName) -> Self {
        Self::hash(b"pilotage\0session lock\0", name.as_str())
    }

    /// Of the ledger of migrations in a schema.
    pub(crate) fn of_ledger(schema: &str) -> Self {
        Self::hash(b"pilotage\0ledger\0", schema)
    }

    fn hash(purpose: &[u8], name: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(purpose);
        hasher.update(name);
        Self { hash: hasher.finalize().into() }
    }

    /// As a number.
    pub(crate) fn number(&self) -> i64 {
        i64::from_be_bytes(self.hash.first_chunk().copied().unwrap_or_default())
    }

    /// The number in two halves, as PostgreSQL lists it.
    pub(crate) fn halves(&self) -> (u32, u32) {
        let bytes = self.number().to_be_bytes();
        let half = |part: Option<&[u8; 4]>| u32::from_be_bytes(part.copied().unwrap_or_default());
        (half(bytes.first_chunk()), half(bytes.last_chunk()))
    }

    /// As a name of less than 64 characters, of which no two differ by case alone.
    pub(crate) fn name(&self) -> String {
        let hex = self.hash.iter().take(28).map(|byte| format!("{byte:02x}"));
        std::iter::once("pilot:".to_owned()).chain(hex).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_have_two_keys_that_servers_can_take() {
        let key = |name: &str| Key::of(&name.parse().expect("a name"));
        assert_ne!(key("shop").number(), key("Shop").number());
        assert_eq!(key("shop"), key("shop"));
        let name = key("shop").name();
        assert!(name.len() <= 64 && name == name.to_lowercase(), "{name}");
        let (high, low) = key("shop").halves();
        let number = (u64::from(high) << 32 | u64::from(low)).cast_signed();
        assert_eq!(number, key("shop").number());
    }
}
