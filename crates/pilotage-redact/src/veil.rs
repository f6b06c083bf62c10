//! All that one process knows to be secret, shared by all of its sinks.
//!
//! Secrets are learnt late: from the environment when the process begins, from a configuration, from
//! a store. A veil grows, and every sink that has a clone of it masks what was learnt since.

use core::fmt::{self, Debug, Formatter};
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::environment::is_secret;
use crate::redactor::Redactor;
use crate::secrets::{Secrets, Unmasked};

/// All that one process knows to be secret; clones are the same veil.
#[derive(Clone, Default)]
pub struct Veil {
    shared: Arc<RwLock<Known>>,
}

#[derive(Default)]
struct Known {
    values: Vec<(String, Zeroizing<Vec<u8>>)>,
    redactor: Redactor,
}

impl Veil {
    /// A veil over the variables of an environment that hold a secret, as far as their names or the
    /// form of their values tell.
    pub fn over<'v>(variables: impl IntoIterator<Item = (&'v str, &'v str)>) -> Self {
        let veil = Self::default();
        veil.look_over(variables);
        veil
    }

    /// Learns those of these variables that hold a secret, as far as can be told.
    pub fn look_over<'v>(&self, variables: impl IntoIterator<Item = (&'v str, &'v str)>) {
        let secrets = variables.into_iter().filter(|(name, value)| is_secret(name, value));
        // Nobody has called them secrets, so that there is nobody to warn.
        let _short = self.learn(secrets.map(|(name, value)| (name, value.as_bytes())));
    }

    /// Masks this value from now on, under a name that may be shown, and says what of it cannot be
    /// masked.
    pub fn add(&self, name: &str, value: &[u8]) -> Vec<Unmasked> {
        self.learn([(name, value)])
    }

    /// The same for many, which costs less than one after the other.
    pub fn learn<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v [u8])>,
    ) -> Vec<Unmasked> {
        // Nothing is half done where a panic could have happened: the redactor is replaced whole.
        let mut known = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        let mut unmasked = Vec::new();
        for (name, value) in values {
            unmasked.extend(Secrets::new().add(name, value));
            if !known.values.iter().any(|(_, old)| old.as_slice() == value) {
                known.values.push((name.to_owned(), Zeroizing::new(value.to_vec())));
            }
        }
        let mut secrets = Secrets::new();
        for (name, value) in &known.values {
            // What cannot be masked was said above, once.
            let _said = secrets.add(name, value);
        }
        known.redactor = secrets.redactor();
        unmasked
    }

    /// What masks all that is known now.
    pub fn redactor(&self) -> Redactor {
        self.shared.read().unwrap_or_else(PoisonError::into_inner).redactor.clone()
    }

    /// A text that is whole, without any of them.
    pub fn cover(&self, text: &str) -> String {
        self.redactor().text(text).into_owned()
    }
}

impl Debug for Veil {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Veil").field("redactor", &self.redactor()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learnt_later_is_masked_by_every_clone() {
        let veil = Veil::over([("DB_PASSWORD", "correct horse"), ("PLACE", "a harbour")]);
        let sink = veil.clone();
        assert_eq!(sink.cover("correct horse in a harbour"), "[secret:DB_PASSWORD] in a harbour");
        assert!(veil.add("KEY", b"battery staple").is_empty());
        assert_eq!(sink.cover("battery staple"), "[secret:KEY]");
        assert_eq!(sink.cover("correct horse"), "[secret:DB_PASSWORD]");
        assert!(!format!("{veil:?}").contains("horse"));
    }

    #[test]
    fn what_cannot_be_masked_is_said() {
        let veil = Veil::default();
        let unmasked = veil.add("URL", b"mysql://deploy:hush@db.example/shop");
        assert_eq!(unmasked.len(), 1, "{unmasked:?}");
        assert_eq!(veil.cover("hush: mysql://deploy:hush@db.example/shop"), "hush: [secret:URL]");
    }
}
