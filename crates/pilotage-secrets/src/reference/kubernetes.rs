//! Values of Kubernetes Secrets: `k8s:NAMESPACE/NAME/KEY[#POINTER]`.

use core::fmt::{self, Display, Formatter};

use super::BadReference;

/// One value of a Kubernetes Secret. Such an object keeps no versions, so it cannot be pinned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kubernetes {
    namespace: String,
    name: String,
    key: String,
}

impl Kubernetes {
    /// The namespace of the object.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name of the object.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key of its data.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Reads `NAMESPACE/NAME/KEY`.
    pub(super) fn parse(text: &str) -> Result<Self, BadReference> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [namespace, name, key] if is_label(namespace) && is_name(name) && is_key(key) => {
                Ok(Self {
                    namespace: (*namespace).into(),
                    name: (*name).into(),
                    key: (*key).into(),
                })
            }
            _ => Err(BadReference::new(
                "this is not `k8s:NAMESPACE/NAME/KEY`",
                "a namespace and a name are small letters, digits, `-` and (in a name) `.`; a key \
                 also has `_` and capitals",
            )),
        }
    }
}

fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(fits)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_key(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (1..=253).contains(&text.len()) && text.bytes().all(fits) && text != "." && text != ".."
}

impl Display for Kubernetes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.name, self.key)
    }
}
