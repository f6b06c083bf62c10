//! Values in Secret manifests of Kubernetes: encoded, not encrypted, whatever their names.

use core::ops::Range;

use super::{Hit, value};
use crate::rule;

/// All values under `data:` and `stringData:` of documents with `kind: Secret`.
pub(super) fn find(text: &[u8]) -> Vec<Hit> {
    if !text.windows(12).any(|window| window == b"kind: Secret") {
        return Vec::new();
    }
    let mut hits = Vec::new();
    let mut document = Vec::new();
    for line in lines(text) {
        if text.get(line.clone()).is_some_and(|line| line.starts_with(b"---")) {
            hits.extend(in_document(text, &document));
            document.clear();
        } else {
            document.push(line);
        }
    }
    hits.extend(in_document(text, &document));
    hits
}

fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let range = start..start + line.trim_ascii_end().len();
        start += line.len();
        range
    })
}

fn in_document(text: &[u8], lines: &[Range<usize>]) -> Vec<Hit> {
    let of = |line: &Range<usize>| text.get(line.clone()).unwrap_or_default();
    // A list of a chart or a `kind: SecretStore` has another first line.
    if !lines.iter().any(|line| of(line) == b"kind: Secret") {
        return Vec::new();
    }
    let mut is_inside = false;
    let mut hits = Vec::new();
    for line in lines {
        let bytes = of(line);
        if bytes.first().is_some_and(|first| !first.is_ascii_whitespace() && *first != b'#') {
            is_inside = matches!(bytes, b"data:" | b"stringData:");
        } else if is_inside {
            hits.extend(value(bytes).map(|value| Hit {
                rule: &rule::KUBERNETES_SECRET,
                range: line.start + value.start..line.start + value.end,
            }));
        }
    }
    hits
}

/// The value of `key: value`, if it is a literal that says something.
fn value(line: &[u8]) -> Option<Range<usize>> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let is_quote = |byte: &&u8| matches!(byte, b' ' | b'"' | b'\'');
    let start = colon + 1 + line.get(colon + 1..)?.iter().take_while(is_quote).count();
    let end = line.len() - line.iter().rev().take_while(is_quote).count();
    let literal = line.get(start..end)?;
    let is_comment = line.trim_ascii_start().starts_with(b"#");
    (!is_comment && value::is_literal(literal)).then_some(start..end)
}
