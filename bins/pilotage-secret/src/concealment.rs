//! Values that are about to leave this program: masked from here on, by the runner of the job as well.
//!
//! A verb that reads values and hands none on (`resolve` without a flag, `check --read`) tells the
//! runner nothing: each line that does holds a value, and nobody else will ever see that one.

use pilotage_redact::Unmasked;

use crate::exec::injection::Injection;
use crate::world::World;

/// Masks the values in whatever is written, and says of each variable what cannot be masked of it.
pub(crate) fn conceal(world: &World, injections: &[Injection]) {
    let values = injections.iter().map(|one| (one.variable.as_str(), one.value.expose()));
    let unmasked = world.io.veil().learn(values);
    for of_one in unmasked.chunk_by(|one, next| one.name == next.name) {
        if let [first, rest @ ..] = of_one {
            world.io.err.mention(&warning(first, rest.len()));
        }
    }
}

fn warning(first: &Unmasked, others: usize) -> String {
    match others {
        0 => format!("warning: {first}"),
        others => format!("warning: {first}; and so {others} other parts of it"),
    }
}
