//! The loop.
mod warning;
pub use warning::Warning;
