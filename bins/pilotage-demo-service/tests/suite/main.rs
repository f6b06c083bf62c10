//! The demo service as its users meet it.

#[cfg(test)]
mod process;
