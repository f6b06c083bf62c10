//! Forms, as token servers want them.

use std::fmt::Write as _;

/// Fields with their values.
#[derive(Default)]
pub(crate) struct Form(String);

impl Form {
    /// Adds a field.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.0.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(self.0, "%{byte:02X}");
            }
        }
        self
    }

    /// Adds a field that may be left out.
    pub(crate) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn encoded(&self) -> String {
        self.0.clone()
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
