//! Header values that carry credentials; they are marked, so that nothing prints them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

/// A user and a password.
pub(super) fn basic(user: &str, password: &SecretString) -> Option<HeaderValue> {
    let encoded = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
    sensitive(&format!("Basic {encoded}"))
}

/// A token.
pub(super) fn bearer(token: &SecretString) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {}", token.expose_secret()))
}

/// Nothing, where the text cannot be in a header at all.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
