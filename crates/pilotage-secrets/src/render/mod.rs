//! Documents by which a platform itself brings secrets to a program: they name, and hold no value.
//!
//! One function for each form of document. A reference that a platform cannot express exactly is an
//! error, never something near it: a version that is left out would be another secret after the
//! next rotation.

mod ecs;
mod external;
mod provider;

pub use ecs::ecs;
pub use external::{Store, external_secret};
pub use provider::secret_provider_class;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::Reference;
use crate::manifest::Wanted;
use crate::reference::Variable;

/// What one component wants.
pub type Variables = BTreeMap<Variable, Wanted>;

/// Why a platform cannot bring a value to a variable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{variable}` cannot be given to the program by this platform: {why}")]
pub struct Unrenderable {
    /// Which variable.
    pub variable: Variable,
    /// Why not, and what to do.
    pub why: &'static str,
}

/// The reason, for the variable at hand.
fn no(variable: &Variable, why: &'static str) -> Unrenderable {
    Unrenderable { variable: variable.clone(), why }
}

/// The key of a reference, where the platform knows keys at the top of a document alone.
fn only_key<'a>(
    variable: &Variable,
    reference: &'a Reference,
) -> Result<Option<&'a str>, Unrenderable> {
    let Some(pointer) = reference.pointer() else { return Ok(None) };
    let key = pointer.only_key().filter(|key| !key.is_empty());
    key.map(Some).ok_or_else(|| no(variable, "it knows no keys inside of keys; store it flat"))
}
