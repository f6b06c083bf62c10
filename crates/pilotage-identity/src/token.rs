//! What a token looks like, as far as one can say without its issuer's key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::Error;

/// No token is longer; what is longer is a page.
const LONGEST: usize = 16 << 10;

/// The token, if it is a signed one: three parts, the first two of which are JSON objects.
///
/// Whether it is still good is not looked at: it was made a moment ago, and the clock of this
/// machine may be wrong.
pub(crate) fn checked(whence: &'static str, token: SecretString) -> Result<SecretString, Error> {
    match flaw(token.expose_secret()) {
        None => Ok(token),
        Some(why) => Err(Error::Malformed { whence, why }),
    }
}

fn flaw(token: &str) -> Option<&'static str> {
    if token.is_empty() {
        return Some("it is empty");
    }
    if token.len() > LONGEST {
        return Some("it is longer than 16 KiB");
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Some("it has not three parts");
    };
    if !is_object(header) || !is_object(claims) {
        return Some("its header or its claims are no JSON object");
    }
    let is_signed = !signature.is_empty() && URL_SAFE_NO_PAD.decode(signature).is_ok();
    (!is_signed).then_some("it is not signed")
}

fn is_object(part: &str) -> bool {
    let text = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice::<Map<String, Value>>(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_token_is_told_and_not_shown() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let (header, claims) = (part(r#"{"alg":"RS256"}"#), part(r#"{"sub":"repo:x"}"#));
        let good = format!("{header}.{claims}.c2ln");
        assert!(checked("x", SecretString::from(good.clone())).is_ok());
        let long = format!("{good}{}", "A".repeat(LONGEST));
        for (wrong, why) in [
            (String::new(), "empty"),
            (long, "longer"),
            ("canary-token".into(), "three parts"),
            (format!("{header}.{claims}"), "three parts"),
            (format!("{header}.canary.c2ln"), "no JSON object"),
            (format!("{header}.{}.c2ln", part("[1]")), "no JSON object"),
            (format!("{header}.{claims}."), "not signed"),
            (format!("{header}.{claims}.a b"), "not signed"),
        ] {
            let error = checked("the job", SecretString::from(wrong)).expect_err("it is none");
            let text = format!("{error} {error:?}");
            assert!(text.contains(why) && !text.contains("canary"), "{text}");
        }
    }
}
