//! The frame of a SARIF 2.1.0 log, and the place of a finding in it.
//!
//! Code hosts show such a log beside the lines that it is about. What a finding says is the business of
//! whoever found it; what every log has in common is here.
//!
//! What it guarantees: a path with any bytes in it becomes a valid relative reference.
//!
//! What it deliberately does not do: read logs of others, or check a log against the schema.

use core::fmt::Write as _;

use serde_json::{Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A part of a file; lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The line and the column at which it begins.
    pub start: (usize, usize),
    /// The line in which it ends, and the column after its end.
    pub end: (usize, usize),
}

/// A log with the one run of this tool.
pub fn log(tool: &str, rules: &[Value], results: &[Value]) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": tool,
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// Where something is.
pub fn location(path: &str, region: Region) -> Value {
    let Region { start, end } = region;
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(path) },
        "region": {
            "startLine": start.0, "startColumn": start.1, "endLine": end.0, "endColumn": end.1,
        },
    }})
}

/// A path as a relative reference: what has a meaning in one is written by its number.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if keep(byte) {
            uri.push(char::from(byte));
        } else {
            let _infallible = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_reference() {
        assert_eq!(uri("./a b/%c:ü.sql"), "a%20b/%25c%3A%C3%BC.sql");
    }

    #[test]
    fn a_log_has_one_run_with_its_tool() {
        let region = Region { start: (2, 5), end: (3, 1) };
        let result = json!({ "locations": [location("a/b.sql", region)] });
        let log = log("a tool", &[json!({ "id": "r" })], &[result]);
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["name"], "a tool");
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "r");
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a/b.sql");
        assert_eq!(
            (&place["region"]["startColumn"], &place["region"]["endLine"]),
            (&json!(5), &json!(3))
        );
    }
}
