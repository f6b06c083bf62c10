//! The name of a metric, as rules and reports use it.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longer names would break the tables that show them.
const LONGEST: usize = 100;

/// The name of a metric: 1 to 100 of `[A-Za-z0-9_.:/-]`. Cloning it is cheap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricName(Arc<str>);

impl MetricName {
    /// The share of requests that failed, which is what most rules are about.
    pub fn errors() -> Self {
        Self("errors".into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for MetricName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that cannot name a metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a metric: use 1 to 100 of `A-Z`, `a-z`, `0-9`, `_`, `.`, `:`, `/` and \
     `-`, for example `http-errors`"
)]
pub struct InvalidMetricName {
    given: String,
}

impl FromStr for MetricName {
    type Err = InvalidMetricName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:/-".contains(&byte);
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(InvalidMetricName { given: text.into() })
    }
}

impl Serialize for MetricName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MetricName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_a_table() {
        for text in ["errors", "http/5xx", "p95:latency_ms", &"a".repeat(100)] {
            assert!(text.parse::<MetricName>().is_ok(), "{text}");
        }
        for text in ["", "two words", "tab\t", "ä", &"a".repeat(101)] {
            assert!(text.parse::<MetricName>().is_err(), "{text}");
        }
    }
}
