//! When a registry's token ends, as it says itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pilotage_rollout::{Moment, Span};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

#[derive(Deserialize)]
struct Claims {
    exp: u64,
}

/// The end of a token; `None` where it does not tell. It is not verified: whoever gave it over a
/// secured connection could lie to nobody but themselves.
pub(super) fn end(token: &SecretString) -> Option<Moment> {
    let claims = token.expose_secret().split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let Claims { exp } = serde_json::from_slice(&claims).ok()?;
    Some(Moment::default() + Span::from_secs(exp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_end_or_nothing() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"exp":100,"sub":"x"}"#);
        let told = |text: &str| end(&SecretString::from(text));
        assert_eq!(told(&format!("head.{claims}.signature")), Some(Moment::from_millis(100_000)));
        for opaque in ["", "opaque", "a.b.c", "a.!.c"] {
            assert_eq!(told(opaque), None, "{opaque}");
        }
    }
}
