//! A report as text, as JSON and as SARIF.
//!
//! Renderers are pure functions of the report. Annotations for GitHub and Azure are made above this
//! crate, where their escaping is known. Text from outside is shown without control characters.

mod json;
mod sarif;
mod text;

pub use json::json;
pub use sarif::sarif;
pub use text::text;

/// The text on one line, without anything that steers a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
