//! One file for each verb.

pub(crate) mod about;
pub(crate) mod check;
pub(crate) mod exec;
pub(crate) mod policy;
pub(crate) mod render;
pub(crate) mod resolve;
pub(crate) mod scan;

use crate::failure::{Done, failed};
use crate::world::World;

/// Writes data.
fn print(world: &World, text: &str) -> Done<()> {
    world.io.out.line(text).map_err(|error| failed("the output cannot be written", error))
}
