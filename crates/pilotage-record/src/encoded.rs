//! Bytes within JSON, as base64 with padding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use core::fmt::{self, Debug, Formatter};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are text in JSON. The one text of a value has its padding and no stray bits.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Encoded(pub Vec<u8>);

impl Debug for Encoded {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// The text of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of which this is the text.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    STANDARD.decode(text)
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        decode(&text).map(Self).map_err(serde::de::Error::custom)
    }
}
