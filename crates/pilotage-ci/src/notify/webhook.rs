//! A message as plain JSON, for programs.

use serde_json::json;

use super::Message;

/// The body of the request. Its form is part of the interface: fields are added, never changed.
pub(super) fn body(message: &Message) -> String {
    let Message { event, title, text, run, target, next, .. } = message;
    json!({
        "schema": 1,
        "event": event,
        "title": title,
        "text": text,
        "run": run,
        "target": target,
        "next": next,
    })
    .to_string()
}
