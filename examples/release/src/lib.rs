//! Something to release.

/// Greets.
pub fn greeting(name: &str) -> String {
    format!("Hello, {name}!")
}
