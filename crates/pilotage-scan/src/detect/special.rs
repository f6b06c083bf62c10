//! Tokens whose shape is more than a prefix and an alphabet.

use core::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shape::run;
use super::value;

fn url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `abc8Q~` and 31 to 34 characters: a client secret of Entra ID.
pub(super) fn client_secret(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let start = prefix.start.checked_sub(4)?;
    let head = text.get(start..prefix.start)?;
    let tilde = |byte: u8| url_safe(byte) || matches!(byte, b'.' | b'~');
    let body = run(text, prefix.end, tilde);
    let is_head = head.last()?.is_ascii_digit() && head.iter().all(|byte| tilde(*byte));
    (is_head && (31..=34).contains(&body.len())).then_some(start..body.end)
}

/// The signature of a shared access signature: 32 bytes in base64, escaped for a URL.
pub(super) fn shared_access(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let body =
        run(text, prefix.end, |byte| byte.is_ascii_alphanumeric() || byte == b'%' || base64(byte));
    let value = text.get(body.clone())?;
    let is_one =
        (43..=100).contains(&body.len()) && (value.ends_with(b"%3D") || value.ends_with(b"="));
    (is_one && value::is_random(value)).then_some(body)
}

/// Header, claims and signature.
pub(super) fn jwt(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let header = run(text, prefix.start, url_safe);
    let claims = run(text, after_dot(text, &header)?, url_safe);
    let signature = run(text, after_dot(text, &claims)?, url_safe);
    let is_one = header.len() >= 17
        && text.get(claims.clone())?.starts_with(b"ey")
        && claims.len() >= 17
        && signature.len() >= 20;
    let is_random = value::is_random(text.get(signature.clone())?);
    (is_one && is_random).then_some(header.start..signature.end)
}

fn after_dot(text: &[u8], part: &Range<usize>) -> Option<usize> {
    (text.get(part.end) == Some(&b'.')).then_some(part.end + 1)
}

/// The frame of a private key with something in it, on lines or with escaped ends of lines.
pub(super) fn private_key(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(prefix.end..)?;
    let frame = rest.get(..rest.len().min(60))?;
    let kind = frame.windows(5).position(|window| window == b"-----")?;
    if !frame.get(..kind)?.ends_with(b"PRIVATE KEY") {
        return None;
    }
    let body = rest.get(kind + 5..)?;
    let is_space =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'\\' | b'n' | b'r' | b'"' | b'|');
    let first = body.iter().position(|byte| !is_space(byte))?;
    let key = body.get(first..)?;
    let length = key.iter().take_while(|byte| base64(**byte)).count();
    (length >= 24 && value::is_random(key.get(..length)?))
        .then_some(prefix.start..prefix.end + kind + 5)
}

/// `://user:password@`; what is a reference or a placeholder is none.
pub(super) fn url_password(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(prefix.end..)?;
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/?#\"'<>`,;\\".contains(byte);
    let authority = rest.get(..rest.iter().position(is_end).unwrap_or(rest.len()).min(400))?;
    let at = authority.iter().rposition(|byte| *byte == b'@')?;
    let colon = authority.get(..at)?.iter().position(|byte| *byte == b':')?;
    let range = prefix.end + colon + 1..prefix.end + at;
    value::is_password_of_url(text.get(range.clone())?).then_some(range)
}

/// What follows `Bearer`.
pub(super) fn bearer(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let body = run(text, prefix.end, |byte| url_safe(byte) || base64(byte) || byte == b'.');
    value::is_key(text.get(body.clone())?).then_some(body)
}

/// What follows `Basic`, if it is `user:password` in base64 and would log in.
pub(super) fn basic(text: &[u8], prefix: Range<usize>) -> Option<Range<usize>> {
    let body = run(text, prefix.end, base64);
    let decoded = STANDARD.decode(text.get(body.clone())?).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    value::is_password_of_url(decoded.get(colon + 1..)?).then_some(body)
}
