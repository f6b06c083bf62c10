//! Which variables of an environment hold a secret.
//!
//! A process is often given secrets that nobody has named to it: the token of a CI job, the password
//! of a library. What sounds like a secret is masked as one; to mask too much costs a word in a log.

/// What a variable is called that holds a secret, or a part of its name.
const SECRETIVE: [&str; 10] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "_PWD",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "PRIVATE_KEY",
    "CREDENTIAL",
    "WEBHOOK",
];

/// How names end that sound so, and say only where or which.
const HARMLESS: [&str; 8] =
    ["_FILE", "_PATH", "_NAME", "_ARN", "_ID", "_VERSION", "_ENDPOINT", "_REGION"];

/// Whether the value is a secret, as far as the two tell.
pub(crate) fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let sounds_so = SECRETIVE.iter().any(|part| name.contains(part));
    let is_harmless = HARMLESS.iter().any(|end| name.ends_with(end));
    (sounds_so && !is_harmless) || holds_a_password(value)
}

/// Whether it is an address with a password in it.
fn holds_a_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    rest.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_name_or_by_its_form() {
        for (name, value) in [
            ("PGPASSWORD", "hush-hush"),
            ("db_token", "abcdef"),
            ("ANY", "mysql://u:hush@host/db"),
            ("AWS_SECRET_ACCESS_KEY", "abc"),
            ("SLACK_WEBHOOK", "https://hooks.example/T"),
        ] {
            assert!(is_secret(name, value), "{name}");
        }
        for (name, value) in [
            ("PATH", "/usr/bin"),
            ("URL", "https://host/a:b"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
            ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
        ] {
            assert!(!is_secret(name, value), "{name}");
        }
    }
}
