//! Logins and registry credentials against a small Azure of this process, stricter than the real
//! one: it takes nothing that it did not give out itself, and no field that it does not know.

mod acr;
mod fake;
mod login;
