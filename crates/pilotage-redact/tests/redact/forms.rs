//! Values in every coat, and values that cannot be masked.

use pilotage_redact::{Redactor, Secrets, Why};

const VALUE: &str = "p/q+r s\"t'u&v<ü%";

fn redactor(value: &str) -> Redactor {
    let mut secrets = Secrets::new();
    assert_eq!(secrets.add("X", value.as_bytes()), []);
    secrets.redactor()
}

#[test]
fn every_encoder_is_seen_through() {
    let redactor = redactor(VALUE);
    for coat in [
        VALUE,
        // `jq`, PHP, Python and Go.
        r#"p/q+r s\"t'u&v<ü%"#,
        r#"p\/q+r s\"t'u&v<ü%"#,
        r#"p/q+r s\"t'u&v<\u00fc%"#,
        r#"p/q+r s\"t'u\u0026v\u003cü%"#,
        // `encodeURIComponent`, Python's `quote`, Go's `QueryEscape`, a small-letter encoder.
        "p%2Fq%2Br%20s%22t'u%26v%3C%C3%BC%25",
        "p/q%2Br%20s%22t%27u%26v%3C%C3%BC%25",
        "p%2Fq%2Br+s%22t%27u%26v%3C%C3%BC%25",
        "p%2fq%2br%20s%22t%27u%26v%3c%c3%bc%25",
        // `xxd -p`, and in capitals.
        "702f712b7220732274277526763cc3bc25",
        "702F712B7220732274277526763CC3BC25",
        // `base64`; the letters that carry bits of neighbours stay.
        "cC9xK3IgcyJ0J3UmdjzDvCU",
        // A shell in single and in double quotes, and `printf %q`.
        r#"p/q+r s"t'\''u&v<ü%"#,
        r#"p/q+r s\"t'u&v<ü%"#,
        r#"p/q+r\ s\"t\'u\&v\<ü%"#,
        // XML and HTML.
        "p/q+r s&quot;t&apos;u&amp;v&lt;ü%",
        "p/q+r s&#34;t&#39;u&amp;v&lt;ü%",
    ] {
        let text = format!("<<{coat}>>\n");
        let masked = redactor.text(&text).into_owned();
        assert!(masked.starts_with("<<[secret:X]") && masked.len() < 20, "{coat}: {masked}");
    }
}

#[test]
fn a_document_with_the_value_in_it_can_be_encoded_as_a_whole() {
    let redactor = redactor("correct horse battery");
    // `{"p":"correct horse battery"}` at each alignment.
    for text in [
        "eyJwIjoiY29ycmVjdCBob3JzZSBiYXR0ZXJ5In0=",
        "IHsicCI6ImNvcnJlY3QgaG9yc2UgYmF0dGVyeSJ9",
        "ICB7InAiOiJjb3JyZWN0IGhvcnNlIGJhdHRlcnkifQ==",
    ] {
        let masked = redactor.text(text);
        assert!(masked.contains("[secret:X]"), "{masked}");
        assert!(masked.len() < 40, "{masked}");
    }
}

#[test]
fn the_fields_of_a_document_and_the_password_of_a_url_are_secrets_too() {
    let mut secrets = Secrets::new();
    let document = br#"{"username": "postgres", "password": "hunter2hunter2", "port": 5432}"#;
    let unmasked = secrets.add("DB", document);
    let said: Vec<_> = unmasked.iter().map(|part| (part.part.as_str(), part.why)).collect();
    assert_eq!(said, [("/port", Why::Short), ("/username", Why::Common)]);
    secrets.add("URL", b"amqp://app:s%40crets@mq.internal/x");
    let redactor = secrets.redactor();
    assert_eq!(redactor.text("postgres hunter2hunter2 5432"), "postgres [secret:DB] 5432");
    assert_eq!(redactor.text("login s@crets!"), "login [secret:URL]!");
}

#[test]
fn a_key_is_masked_line_by_line() {
    let redactor =
        redactor("-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ==\n-----END KEY-----\n");
    let log = "1: MIIEvQIBADANBg\n2: kqhkiG9w0BAQ==\n";
    assert_eq!(redactor.text(log), "1: [secret:X]\n2: [secret:X]\n");
    assert_eq!(redactor.text("-----BEGIN KEY-----\n[cut]"), "-----BEGIN KEY-----\n[cut]");
}

#[test]
fn what_cannot_be_masked_is_said() {
    let mut secrets = Secrets::new();
    let why = |secrets: &mut Secrets, value: &str| {
        secrets.add("X", value.as_bytes()).first().map(ToString::to_string).unwrap_or_default()
    };
    assert!(why(&mut secrets, " abc12\n").contains("fewer than 6 bytes"));
    assert!(why(&mut secrets, "Production").contains("common word"));
    assert!(secrets.redactor().is_empty());
}

#[test]
fn nothing_prints_a_value() {
    let mut secrets = Secrets::new();
    secrets.add("X", b"hunter2hunter2");
    let before = format!("{secrets:?}");
    let redactor = secrets.redactor();
    let mut stream = redactor.stream();
    stream.push(b"hunter2", &mut Vec::new());
    for text in [before, format!("{redactor:?}"), format!("{stream:?}")] {
        assert!(!text.contains("hunter"), "{text}");
    }
}

#[test]
fn a_value_under_two_names_has_the_first() {
    let mut secrets = Secrets::new();
    secrets.add("FIRST", b"hunter2hunter2");
    secrets.add("SECOND", b"hunter2hunter2");
    assert_eq!(secrets.redactor().text("hunter2hunter2\n"), "[secret:FIRST]\n");
}

#[test]
fn a_text_without_secrets_is_not_copied() {
    let redactor = redactor("hunter2hunter2");
    assert!(matches!(redactor.text("nothing here\n"), std::borrow::Cow::Borrowed(_)));
}
