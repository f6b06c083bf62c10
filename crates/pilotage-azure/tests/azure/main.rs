//! Logins and registry credentials against a small Azure of this process, stricter than the real
//! one: it takes nothing that it did not give out itself, and no field that it does not know.

#![expect(clippy::expect_used, reason = "the helpers of tests fail tests")]

mod acr;
mod login;
mod vault;
