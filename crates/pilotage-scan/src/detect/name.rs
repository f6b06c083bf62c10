//! What a name says about its value.

/// What kind of secret a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// Something that a person may have made up.
    Password,
    /// Something that a machine has made up.
    Key,
}

/// What a machine-made secret is called, without anything between the words.
const KEYS: &[&str] = &[
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "accountkey",
    "sharedkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "authkey",
    "credential",
    "sharedaccesskey",
    "subscriptionkey",
    "instrumentationkey",
    "storagekey",
    "servicekey",
    "deploykey",
    "licensekey",
    "appkey",
    "functionkey",
    "hostkey",
    "sessionkey",
    "hmackey",
    "jwtkey",
    "cookiekey",
    "webhookkey",
    "passwordkey",
    "dsnkey",
    "writekey",
    "adminkey",
    "ingestkey",
    "ingestionkey",
];

const PASSWORDS: &[&str] = &["password", "passwd", "passphrase", "passwort", "pwd"];

/// Last words of names whose values say something about a secret, or where it is, but not itself.
const ABOUT: &[&str] = &[
    "algorithm",
    "alias",
    "arn",
    "arns",
    "attempts",
    "audience",
    "bucket",
    "class",
    "count",
    "digest",
    "duration",
    "enabled",
    "endpoint",
    "env",
    "exists",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "files",
    "format",
    "grant",
    "hash",
    "header",
    "id",
    "ids",
    "issuer",
    "kind",
    "length",
    "limit",
    "location",
    "max",
    "min",
    "mode",
    "name",
    "names",
    "namespace",
    "param",
    "parameter",
    "path",
    "policy",
    "prefix",
    "provider",
    "ref",
    "reference",
    "refs",
    "regex",
    "region",
    "required",
    "rotation",
    "scope",
    "scopes",
    "seconds",
    "size",
    "source",
    "store",
    "strategy",
    "suffix",
    "template",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "usage",
    "used",
    "user",
    "username",
    "validator",
    "var",
    "variable",
    "vault",
    "version",
    "placeholder",
    "label",
    "hint",
    "checksum",
    "sha256",
    "thumbprint",
    "fingerprint",
    "publickey",
    "public",
    "link",
    "text",
];

/// Words that make a token one of a page, a form or a repetition: it opens nothing.
const PASSING: &[&str] = &[
    "action",
    "authenticity",
    "change",
    "continuation",
    "csrf",
    "cursor",
    "idempotency",
    "lock",
    "next",
    "page",
    "paging",
    "request",
    "resume",
    "sync",
    "update",
    "xsrf",
];

/// What this name promises, if it does.
pub(super) fn promise(name: &str) -> Option<Promise> {
    let words = words(name);
    let last = words.last()?;
    if ABOUT.contains(&last.as_str()) || words.iter().any(|word| word == "public") {
        return None;
    }
    if last == "token" && words.iter().any(|word| PASSING.contains(&word.as_str())) {
        return None;
    }
    let whole = words.concat();
    if whole.contains("secretsmanager") || whole.contains("secretmanager") {
        return None;
    }
    if PASSWORDS.iter().any(|word| whole.contains(word)) || words.iter().any(|word| word == "pass")
    {
        return Some(Promise::Password);
    }
    KEYS.iter().any(|word| whole.contains(word)).then_some(Promise::Key)
}

/// The words of a name in any case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut is_open = false;
    for char in name.chars() {
        if !char.is_ascii_alphanumeric() {
            is_open = false;
            continue;
        }
        if !is_open || (was_lower && char.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(char.to_ascii_lowercase());
        }
        was_lower = char.is_ascii_lowercase() || char.is_ascii_digit();
        is_open = true;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise() {
        for name in
            ["DB_PASSWORD", "dbPassword", "spring.datasource.password", "SMTP_PASS", "--password"]
        {
            assert_eq!(promise(name), Some(Promise::Password), "{name}");
        }
        for name in ["API_KEY", "apiKey", "client-secret", "x-auth-token", "AWS_SECRET_ACCESS_KEY"]
        {
            assert_eq!(promise(name), Some(Promise::Key), "{name}");
        }
        for name in [
            "DB_PASSWORD_FILE",
            "secretName",
            "TOKEN_URL",
            "AWS_ACCESS_KEY_ID",
            "tokenType",
            "bypass_mode",
            "PUBLIC_API_KEY",
            "passwordPolicy",
            "compass",
            "keyboard",
            "secret_arn",
            "nextToken",
            "csrf-token",
        ] {
            assert_eq!(promise(name), None, "{name}");
        }
    }
}
