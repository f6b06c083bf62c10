//! From bytes to the value of which they are the one text.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::value::Value;
use super::{CanonicalError, difference, to_bytes, write};

pub(super) fn value<T>(bytes: &[u8], limit: usize) -> Result<T, CanonicalError>
where
    T: DeserializeOwned + Serialize,
{
    if bytes.len() > limit {
        return Err(CanonicalError::TooLarge { bytes: bytes.len(), limit });
    }
    let tree: Value = serde_json::from_slice(bytes).map_err(CanonicalError::Malformed)?;
    same(bytes, &write::to_bytes(&tree))?;
    let value: T = serde_json::from_slice(bytes).map_err(CanonicalError::Unexpected)?;
    // A type that reads two texts as one value, as with `null` and nothing, would give it two names.
    same(bytes, &to_bytes(&value)?)?;
    Ok(value)
}

fn same(found: &[u8], canonical: &[u8]) -> Result<(), CanonicalError> {
    if found == canonical {
        return Ok(());
    }
    Err(CanonicalError::NotCanonical { offset: difference(found, canonical) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    type Map = BTreeMap<String, u64>;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u64>,
    }

    fn read(text: &str) -> Result<Map, CanonicalError> {
        value(text.as_bytes(), 1_000)
    }

    #[test]
    fn the_order_is_that_of_utf_16() {
        // The published vector of RFC 8785, section 3.2.3, without its fraction.
        let map: BTreeMap<_, _> = [
            ("\u{20ac}", "Euro Sign"),
            ("\r", "Carriage Return"),
            ("\u{fb33}", "Hebrew Letter Dalet With Dagesh"),
            ("1", "One"),
            ("\u{1f600}", "Emoji: Grinning Face"),
            ("\u{80}", "Control"),
            ("\u{f6}", "Latin Small Letter O With Diaeresis"),
        ]
        .into();
        let text = String::from_utf8(to_bytes(&map).unwrap()).unwrap();
        let tree: Value = serde_json::from_str(&text).unwrap();
        let Value::Object(entries) = tree else { panic!("an object stays one") };
        let values = entries.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>();
        let named = |name: &str| Value::Text(name.into());
        assert_eq!(
            values,
            [
                named("Carriage Return"),
                named("One"),
                named("Control"),
                named("Latin Small Letter O With Diaeresis"),
                named("Euro Sign"),
                named("Emoji: Grinning Face"),
                named("Hebrew Letter Dalet With Dagesh"),
            ]
        );
        assert!(text.starts_with("{\"\\r\":\"Carriage Return\",\"1\":\"One\""), "{text}");
    }

    #[test]
    fn strings_are_escaped_as_little_as_can_be() {
        let text = to_bytes(&"\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}").unwrap();
        assert_eq!(text, "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\"".as_bytes());
    }

    #[test]
    fn a_second_text_of_a_value_is_refused() {
        assert_eq!(read(r#"{"a":1,"b":2}"#).unwrap().len(), 2);
        for text in [
            r#"{"b":2,"a":1}"#,
            r#"{"a": 1}"#,
            "{\"a\":1}\n",
            r#"{"\u0061":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e0}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":-0}"#,
            r#"{"a":01}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_that_is_there_twice_is_named() {
        let Err(CanonicalError::Malformed(error)) = read(r#"{"a":1,"a":1}"#) else {
            panic!("it is there twice")
        };
        assert!(error.to_string().contains("`a` twice"), "{error}");
    }

    #[test]
    fn nothing_and_null_are_not_the_same_text() {
        assert!(value::<Small>(b"{}", 9).is_ok());
        let null = value::<Small>(br#"{"a":null}"#, 99);
        assert!(matches!(null, Err(CanonicalError::NotCanonical { offset: 1 })), "{null:?}");
    }

    #[test]
    fn what_is_not_known_or_too_large_is_refused() {
        let unknown = value::<Small>(br#"{"a":1,"c":1}"#, 99);
        assert!(matches!(unknown, Err(CanonicalError::Unexpected(_))), "{unknown:?}");
        let large = value::<Small>(br#"{"a":1}"#, 6);
        assert!(matches!(large, Err(CanonicalError::TooLarge { bytes: 7, limit: 6 })), "{large:?}");
        assert!(matches!(to_bytes(&0.5), Err(CanonicalError::Unrepresentable(_))));
        let deep = "[".repeat(10_000);
        assert!(value::<Vec<u64>>(deep.as_bytes(), 20_000).is_err());
    }
}
