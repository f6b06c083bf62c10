//! Who took a lease, as no name of a person or machine can tell.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names one attempt to own something; no two attempts share one, not even of one process, so
/// that whoever reads it in a record knows whether it means them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnerId(u128);

/// The machine gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("an owner cannot be named: the machine gives no random numbers")]
pub struct NoRandomness(#[source] getrandom::Error);

impl OwnerId {
    /// A new one.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        Ok(Self(u128::from_le_bytes(bytes)))
    }

    /// The one of this number, for whoever draws the numbers; they must never repeat.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Its number.
    pub const fn bits(self) -> u128 {
        self.0
    }
}

impl Display for OwnerId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for OwnerId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = if is_hex { u128::from_str_radix(text, 16).ok() } else { None };
        bits.map(Self).ok_or_else(|| format!("`{text}` is not an owner: 32 hex digits are needed"))
    }
}

impl TryFrom<String> for OwnerId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<OwnerId> for String {
    fn from(owner: OwnerId) -> Self {
        owner.to_string()
    }
}
