//! Values inside of JSON documents.

use pilotage_secrets::resolve::select;
use pilotage_secrets::{Pointer, Secret};
use proptest::prelude::*;

fn selected(document: &[u8], pointer: &str) -> Result<Vec<u8>, &'static str> {
    let pointer: Pointer = pointer.parse().expect("a pointer");
    let found = select(&Secret::new(document.to_vec()), Some(&pointer));
    found.map(|secret| secret.expose().to_vec()).map_err(|fault| fault.code())
}

#[test]
fn scalars_keep_the_text_in_which_they_are_stored() {
    let document = br#"{"a":1.10,"b":12345678901234567890123,"c":true,"d":"x\"\u00e9\n","e":-1E5,
        "f":[{"g":"in"},2],"":"nameless","a/b":"slash","~":"tilde"}"#;
    for (pointer, value) in [
        ("/a", "1.10"),
        ("/b", "12345678901234567890123"),
        ("/c", "true"),
        ("/d", "x\"é\n"),
        ("/e", "-1E5"),
        ("/f/0/g", "in"),
        ("/f/1", "2"),
        ("/", "nameless"),
        ("/a~1b", "slash"),
        ("/~0", "tilde"),
    ] {
        assert_eq!(selected(document, pointer), Ok(value.into()), "{pointer}");
    }
}

#[test]
fn what_is_no_value_is_refused() {
    for (document, pointer, code) in [
        (&b"{\"a\":1}"[..], "/b", "no-such-key"),
        (b"{\"a\":1}", "/a/b", "no-such-key"),
        (b"[1,2]", "/2", "no-such-key"),
        (b"[1,2]", "/01", "no-such-key"),
        (b"[1,2]", "/+1", "no-such-key"),
        (b"[1,2]", "/-", "no-such-key"),
        (b"\"text\"", "/a", "no-such-key"),
        (b"{\"a\":1,\"a\":2}", "/a", "key-written-twice"),
        (b"{\"a\":1,\"\\u0061\":2}", "/a", "key-written-twice"),
        (b"{\"a\":{}}", "/a", "not-scalar"),
        (b"{\"a\":[1]}", "/a", "not-scalar"),
        (b"{\"a\":null}", "/a", "not-scalar"),
        (b"{\"a\":\"\\ud800\"}", "/a", "not-scalar"),
        (b"{\"a\":\"\"}", "/a", "empty"),
        (b"hunter2", "/a", "not-json"),
        (b"{\"a\":1} x", "/a", "not-json"),
        (b"{\"a\":1,}", "/a", "not-json"),
        (b"\xff\xfe", "/a", "not-json"),
        (b"", "/a", "not-json"),
    ] {
        assert_eq!(selected(document, pointer), Err(code), "{document:?} {pointer}");
    }
    assert!(select(&Secret::new(Vec::new()), None).is_err(), "an empty value is no value");
}

#[test]
fn a_value_of_64_kib_and_a_deep_one_are_handled() {
    let long = "x".repeat(65_536 - 8);
    let document = format!("{{\"a\":\"{long}\"}}");
    assert_eq!(document.len(), 65_536);
    assert_eq!(selected(document.as_bytes(), "/a"), Ok(long.into_bytes()));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    assert!(selected(deep.as_bytes(), "/a").is_err(), "nesting does not exhaust the stack");
}

proptest! {
    #[test]
    fn any_text_that_is_stored_comes_back(key in ".{0,8}", value in ".{1,40}") {
        let document = serde_json::json!({ "other": 1, key.as_str(): value.as_str() });
        let pointer = Pointer::to_key(key);
        let found = select(&Secret::from(document.to_string()), Some(&pointer));
        prop_assert_eq!(found.ok().map(|found| found.expose().to_vec()), Some(value.into_bytes()));
    }

    #[test]
    fn no_document_brings_it_down(document in proptest::collection::vec(any::<u8>(), 0..80)) {
        let found = select(&Secret::new(document), Some(&Pointer::to_key("a")));
        prop_assert!(found.is_err() || found.is_ok());
    }
}
