//! One document from the pages of an answer.

use serde_json::{Map, Value};

/// Where findings are kept, and lists of them within.
const FINDINGS: &str = "imageScanFindings";
const LISTS: [&str; 2] = ["findings", "enhancedFindings"];
const NEXT: &str = "nextToken";

/// The pages so far, as one document.
#[derive(Debug, Default)]
pub(super) struct Pages {
    document: Option<Map<String, Value>>,
    next: Option<String>,
}

impl Pages {
    /// What to ask for the next page with.
    pub(super) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Whether no page is left.
    pub(super) const fn are_complete(&self) -> bool {
        self.document.is_some() && self.next.is_none()
    }

    /// Adds a page.
    pub(super) fn add(&mut self, page: &[u8]) -> Result<(), String> {
        let mut page: Map<String, Value> =
            serde_json::from_slice(page).map_err(|error| error.to_string())?;
        self.next = match page.remove(NEXT) {
            Some(Value::String(next)) if !next.is_empty() => Some(next),
            _ => None,
        };
        match &mut self.document {
            None => self.document = Some(page),
            Some(document) => append(document, page),
        }
        Ok(())
    }

    /// All of it.
    pub(super) fn document(self) -> String {
        Value::Object(self.document.unwrap_or_default()).to_string()
    }
}

/// Appends the lists of findings; all else is told by the first page already.
fn append(document: &mut Map<String, Value>, mut page: Map<String, Value>) {
    let Some(Value::Object(more)) = page.get_mut(FINDINGS) else { return };
    let findings = document.entry(FINDINGS).or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(findings) = findings else { return };
    for list in LISTS {
        let Some(Value::Array(more)) = more.remove(list) else { continue };
        match findings.get_mut(list) {
            Some(Value::Array(all)) => all.extend(more),
            _ => drop(findings.insert(list.to_owned(), Value::Array(more))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_all_pages_are_in_one_document() {
        let mut pages = Pages::default();
        let first = br#"{"nextToken":"t","imageScanStatus":{"status":"COMPLETE"},
            "imageScanFindings":{"findings":[{"name":"a"}],"new":1}}"#;
        pages.add(first).expect("sound");
        assert_eq!((pages.next(), pages.are_complete()), (Some("t"), false));
        let second = br#"{"imageScanFindings":{"findings":[{"name":"b"}],
            "enhancedFindings":[{"title":"c"}]}}"#;
        pages.add(second).expect("sound");
        assert!(pages.are_complete());
        let document: Value = serde_json::from_str(&pages.document()).expect("sound");
        assert_eq!(document["imageScanFindings"]["findings"][1]["name"], "b");
        assert_eq!(document["imageScanFindings"]["enhancedFindings"][0]["title"], "c");
        assert_eq!(document["imageScanFindings"]["new"], 1, "what is not known is kept");
        assert_eq!(document["imageScanStatus"]["status"], "COMPLETE");
        assert_eq!(document.get("nextToken"), None);
    }

    #[test]
    fn a_page_that_is_no_document_is_an_error() {
        assert!(Pages::default().add(b"<html>").is_err());
        assert!(!Pages::default().are_complete(), "nothing read is not complete");
    }
}
