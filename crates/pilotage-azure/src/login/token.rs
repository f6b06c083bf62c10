//! A token, and what servers answer with.

use pilotage_rollout::{Moment, Span};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// An access token.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub secret: SecretString,
    /// When it ends.
    pub ends: Moment,
}

/// The answer of a token server.
#[derive(Deserialize)]
pub(super) struct Issued {
    access_token: SecretString,
    #[serde(deserialize_with = "seconds")]
    expires_in: u64,
}

impl Issued {
    pub(super) fn at(self, now: Moment) -> AccessToken {
        AccessToken { secret: self.access_token, ends: now + Span::from_secs(self.expires_in) }
    }
}

/// Some say a number, and the metadata service says it in quotes.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_known_in_both_spellings_and_the_token_is_not_shown() {
        for life in ["60", "\"60\""] {
            let answer = format!(r#"{{"access_token":"hidden","expires_in":{life},"x":1}}"#);
            let issued: Issued = serde_json::from_str(&answer).expect("sound");
            let token = issued.at(Moment::from_millis(1_000));
            assert_eq!(token.ends, Moment::from_millis(61_000));
            assert!(!format!("{token:?}").contains("hidden"));
        }
    }
}
