//! A report as text, as JSON and as SARIF. Renderers are pure functions of the report.

mod json;
mod sarif;
mod text;

pub use json::json;
pub use sarif::sarif;
pub use text::text;
