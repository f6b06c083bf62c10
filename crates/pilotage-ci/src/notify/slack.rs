//! A message for an incoming webhook of Slack.

use serde_json::{Value, json};

use super::Message;
use crate::text::clip;

/// The most that a section of a message may hold, in characters; bytes are never fewer.
const LONGEST_SECTION: usize = 3_000;

/// The body of the request.
pub(super) fn body(message: &Message) -> String {
    let Message { title, run, next, mood, text, .. } = message;
    let title = format!("{} {title}", mood.sign());
    let mut blocks = vec![section(&title, "plain_text")];
    if !text.is_empty() {
        // Plain text has no links, no mentions and no markup, whatever is in it.
        blocks.push(section(text, "plain_text"));
    }
    let next = next.as_ref().map_or_else(String::new, |next| format!(" · next: {next}"));
    let footer = clip(&format!("run {run}{next}"), LONGEST_SECTION);
    blocks.push(json!({
        "type": "context",
        "elements": [{ "type": "plain_text", "text": footer, "emoji": false }],
    }));
    // What a notification shows; here Slack would interpret links and mentions.
    json!({ "text": escaped(&title), "blocks": blocks }).to_string()
}

fn section(text: &str, kind: &str) -> Value {
    let text = clip(text, LONGEST_SECTION);
    json!({ "type": "section", "text": { "type": kind, "text": text, "emoji": false } })
}

/// The three characters with which every link and mention begins or ends.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
