//! Files of settings, such as `pilotage.toml` and `release.toml`.
//!
//! A [`Document`] is a file that was read; its [`Node`]s are decoded by `serde` into whatever types
//! its reader has for it, and what is wrong with them is a [`Fault`]. A document makes a [`Wrong`] of
//! a fault: the same with file, line and column.
//!
//! To add a key is to add a field: types, positions and suggestions come from `serde` and the tree.
//! What `serde` cannot say (two keys that contradict each other, a number out of bounds) is checked
//! after decoding, and told by the path of its key alone: the document finds the place.
//!
//! Guarantees: no more of a file is read than anybody would write; a key that is not known is told
//! with the one that was probably meant; of several faults the first in the file is told.
//!
//! It deliberately knows no file by name and no key, has no includes, no variables and no
//! inheritance, and writes nothing.

mod decode;
mod document;
mod error;
mod fault;
mod node;
mod suggest;

pub use document::{Document, LARGEST};
pub use error::{DocumentError, Wrong};
pub use fault::Fault;
pub use node::{Entry, Node, Place, Value};
pub use suggest::{advice, closest};
