//! The published JSON Schema of `pilotage.toml`.

/// The schema as it is published.
pub(crate) const SCHEMA: &str = include_str!("../../schema/pilotage.schema.json");

#[cfg(test)]
mod tests;
