//! Whether a value looks like a secret, and not like a reference, a placeholder, or a word.

use super::name::Promise;

/// How a reference begins: the value is somewhere else.
const REFERENCES: &[&str] = &[
    "$",
    "{{",
    "<",
    "%",
    "arn:",
    "ssm:",
    "asm:",
    "akv:",
    "vault:",
    "op://",
    "ref+",
    "@microsoft.keyvault",
    "!",
    "file:",
    "env:",
    "env.",
    "env(",
    "secrets.",
    "var.",
    "local.",
    "data.",
    "module.",
    "each.",
    "process.env",
    "os.environ",
    "os.getenv",
    "system.getenv",
    "getenv",
    "config.",
    "settings.",
    "self.",
    "this.",
    "req.",
    "request.",
    "props.",
    "options.",
    "args.",
    "params.",
    "keyvault",
    "secretsmanager:",
    "kms:",
    "enc[",
    "ansible_",
    "valuefrom",
    "resolve:",
    "#{",
    "[[",
    "*",
    "/run/",
    "~/",
    "./",
    "../",
    "projects/",
    "azure-keyvault",
    "credentials(",
    "berglas://",
    "sm://",
    "gcp:",
];

/// What stands in values that are none, anywhere in them.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "dummy",
    "redacted",
    "your-",
    "your_",
    "yourpass",
    "yoursecret",
    "yourtoken",
    "xxxx",
    "****",
    "....",
    "____",
    "----",
    "todo",
    "replace",
    "fake",
    "sample",
    "notreal",
    "not-a-real",
    "not_a_real",
    "mysecret",
    "my-secret",
    "my_secret",
    "goes-here",
    "goeshere",
    "insert",
    "fixme",
    "foobar",
    "secret-name",
    "default",
    "hidden",
    "masked",
    "removed",
    "00000000",
    "undefined",
    "notasecret",
    "not-a-secret",
    "${",
    "{{",
    "$(",
    "lorem",
    "mypassword",
];

/// Words that are no secrets, whatever digits and marks stand around them.
const WORDS: &[&str] = &[
    "",
    "abc",
    "abcd",
    "admin",
    "anonymous",
    "bar",
    "basic",
    "bearer",
    "boolean",
    "default",
    "disabled",
    "enabled",
    "false",
    "foo",
    "guest",
    "hunter",
    "integer",
    "invalid",
    "key",
    "letmein",
    "local",
    "localhost",
    "mysql",
    "nil",
    "none",
    "null",
    "number",
    "object",
    "optional",
    "pass",
    "passwd",
    "password",
    "postgres",
    "prod",
    "qwerty",
    "qwertz",
    "required",
    "root",
    "secret",
    "some",
    "string",
    "supersecret",
    "test",
    "testing",
    "token",
    "true",
    "unset",
    "user",
    "value",
    "wrong",
    "asdf",
    "secretpassword",
    "passwordpassword",
    "testpassword",
    "testtest",
    "devpassword",
    "dev",
    "mypass",
    "str",
    "text",
    "any",
    "unknown",
    "empty",
    "something",
    "whatever",
    "blank",
    "rootpassword",
];

/// Whether the value keeps what its name promises.
pub(super) fn keeps(promise: Promise, value: &[u8], is_quoted: bool) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_plain = is_elsewhere(text) || is_placeholder(text) || is_code(text, is_quoted);
    !is_plain
        && match promise {
            Promise::Password => is_password(text),
            Promise::Key => is_key(value),
        }
}

/// Whether a URL would really log in with this.
pub(super) fn is_password_of_url(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_form = |char: char| "{}<>[]()*$".contains(char);
    text.len() >= 6
        && !text.contains(is_form)
        && !is_elsewhere(text)
        && !is_placeholder(text)
        && classes(text) >= 2
}

/// Whether a Secret manifest would really hold this, and it is no word.
pub(super) fn is_literal(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    text.len() >= 8 && !is_elsewhere(text) && !is_placeholder(text) && is_random(value)
}

/// Whether a machine may have made this up.
pub(super) fn is_key(value: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(value) else { return false };
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"()<>{}[],;'\"`|\\".contains(&byte);
    (16..=4096).contains(&text.len())
        && text.bytes().all(is_allowed)
        && !is_elsewhere(text)
        && !is_placeholder(text)
        && !is_words(text)
        && !is_uuid(text)
        && !is_path(text)
        && !text.contains("://")
        && (text.bytes().any(|byte| byte.is_ascii_digit()) || is_mixed(text))
        && entropy(text.as_bytes()) >= 3.0
        && is_random(value)
}

/// Long and without a digit, but with capitals all over it.
fn is_mixed(text: &str) -> bool {
    let changes = text.as_bytes().windows(2);
    let changes =
        changes.filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.len() >= 20
        && changes.count() * 5 >= text.len()
}

/// Whether a person may have made this up to keep others out.
fn is_password(text: &str) -> bool {
    let is_short = !(8..=256).contains(&text.len());
    if is_short || text.chars().any(char::is_whitespace) || is_path(text) || is_uuid(text) {
        return false;
    }
    let is_wordless = text.bytes().all(|byte| byte.is_ascii_lowercase()) && text.len() < 16;
    !is_wordless
        && !is_words(text)
        && is_random(text.as_bytes())
        && (classes(text) >= 2 || text.len() >= 16)
}

/// Whether the characters are no repetition and no sequence.
pub(super) fn is_random(value: &[u8]) -> bool {
    let steps = value.windows(2).filter(|pair| pair[1].wrapping_sub(pair[0]) <= 1).count();
    let has_mark = value.windows(7).any(|window| window.eq_ignore_ascii_case(b"example"));
    !has_mark && steps * 2 < value.len() && entropy(value) >= 2.4
}

/// Bits a character, by how often each occurs.
fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX).max(1));
    let shares =
        counts.into_iter().filter(|count| *count > 0).map(|count| f64::from(count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

fn classes(text: &str) -> usize {
    let kinds: [fn(&u8) -> bool; 4] = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
        u8::is_ascii_punctuation,
    ];
    kinds.into_iter().filter(|kind| text.as_bytes().iter().any(kind)).count()
}

fn is_elsewhere(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    REFERENCES.iter().any(|beginning| text.starts_with(beginning))
}

fn is_placeholder(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    PLACEHOLDERS.iter().any(|part| text.contains(part))
        || WORDS.contains(&letters.as_str()) && text.len() < 20
}

/// An expression of a programming language instead of a literal.
fn is_code(text: &str, is_quoted: bool) -> bool {
    let is_call = text.contains('(') || text.contains("::") || text.contains("->");
    let is_name = |char: char| char.is_ascii_alphanumeric() || "_.[]?&".contains(char);
    let first = text.chars().next();
    let is_field = text.contains('.')
        && text.chars().all(is_name)
        && first.is_some_and(|char| char.is_ascii_lowercase())
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().filter(char::is_ascii_digit).count() <= 1);
    let is_snake =
        text.contains('_') && text.chars().all(|char| char.is_ascii_alphabetic() || char == '_');
    !is_quoted && (is_call || is_field || is_snake) || is_field && text.split('.').count() >= 3
}

/// Words with something between them, like the name of a secret.
fn is_words(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|char: char| !char.is_ascii_alphanumeric()).collect();
    let is_word = |part: &&str| {
        let (letters, digits) =
            part.split_at(part.trim_end_matches(|char: char| char.is_ascii_digit()).len());
        digits.len() <= 4
            && (letters.bytes().all(|byte| byte.is_ascii_lowercase())
                || letters.bytes().all(|byte| byte.is_ascii_uppercase())
                || letters.bytes().skip(1).all(|byte| byte.is_ascii_lowercase()))
            && part.len() <= 14
    };
    parts.len() >= 2 && parts.iter().all(is_word)
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_path(text: &str) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || b"/_.-0123456789".contains(&byte);
    text.contains('/')
        && text.bytes().all(is_lower)
        && text.split('/').any(|part| {
            part.len() > 2 && part.bytes().all(|b| b.is_ascii_lowercase() || b"_-.".contains(&b))
        })
}
