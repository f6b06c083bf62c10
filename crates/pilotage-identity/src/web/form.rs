//! Forms, as token servers want them.

use std::fmt::{self, Debug, Formatter, Write as _};

use secrecy::{ExposeSecret, SecretString};

/// Fields with their values.
#[derive(Default)]
pub struct Form {
    text: String,
    secrets: Vec<SecretString>,
}

impl Form {
    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(name);
        self.text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.text.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(self.text, "%{byte:02X}");
            }
        }
        self
    }

    /// Adds a field whose value is a secret.
    #[must_use]
    pub fn with_secret(mut self, name: &str, value: &SecretString) -> Self {
        self.secrets.push(value.clone());
        self.with(name, value.expose_secret())
    }

    /// Adds a field that may be left out.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// What is secret in it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(ExposeSecret::expose_secret)
    }

    pub(super) fn encoded(&self) -> String {
        self.text.clone()
    }
}

impl Debug for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_become_fields() {
        let form = Form::default().with("a", "b&c=d e+ä").with_some("x", None).with("z", "");
        assert_eq!(form.encoded(), "a=b%26c%3Dd%20e%2B%C3%A4&z=");
    }
}
