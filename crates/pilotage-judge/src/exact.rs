//! Floats written as the shortest text that reads back to the same bits.
//!
//! Several JSON readers round the last bit of a float and none accepts infinities; a replayed
//! judgement must be the same judgement, so what feeds it cannot depend on the format's parser.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{value}"))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// The same for a list.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, Serializer, String, Vec, format};
    use serde::de::Error as _;

    pub(crate) fn serialize<S: Serializer>(
        values: &[f64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| format!("{value}")))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, L: TryFrom<Vec<f64>>>(
        deserializer: D,
    ) -> Result<L, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let values = texts.iter().map(|text| text.parse().map_err(D::Error::custom));
        let values = values.collect::<Result<Vec<f64>, _>>()?;
        let length = values.len();
        L::try_from(values).map_err(|_| D::Error::invalid_length(length, &"the mixture's length"))
    }
}
