//! A message for a workflow of Teams, as an adaptive card.

use serde_json::{Value, json};

use super::{Message, Mood};

/// The body of the request; far under the 28 KB that a workflow takes, for messages are short.
pub(super) fn body(message: &Message) -> String {
    let Message { title, text, run, next, mood, .. } = message;
    let color = match mood {
        Mood::Calm => "default",
        Mood::Glad => "good",
        Mood::Worried => "warning",
        Mood::Alarmed => "attention",
    };
    let title = format!("{} {title}", mood.sign());
    let mut rows = vec![row(&json!({
        "type": "TextRun", "text": title, "weight": "bolder", "size": "medium", "color": color,
    }))];
    if !text.is_empty() {
        rows.push(row(&json!({ "type": "TextRun", "text": text })));
    }
    let next = next.as_ref().map_or_else(String::new, |next| format!(" · next: {next}"));
    let footer = format!("run {run}{next}");
    rows.push(row(&json!({ "type": "TextRun", "text": footer, "isSubtle": true })));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": { "type": "AdaptiveCard", "version": "1.4", "body": rows },
        }],
    })
    .to_string()
}

/// Text runs, unlike text blocks, know no Markdown: text from outside cannot make a link.
fn row(run: &Value) -> Value {
    json!({ "type": "RichTextBlock", "inlines": [run] })
}
