//! `exec`: runs a command with the secrets of one component.

use pilotage_redact::{Redactor, Secrets};

use crate::args::{ExecArgs, Global};
use crate::exec::injection::{self, Injection};
use crate::exec::{child, environment};
use crate::failure::Done;
use crate::scope;
use crate::world::World;

pub(crate) async fn exec(world: &World, global: &Global, args: &ExecArgs) -> Done<u8> {
    let manifest = scope::secrets(global, &args.scope)?.manifest;
    scope::only(&manifest)?;
    let values = scope::values(world, global, &args.source, &manifest).await?;
    let injections = injection::prepare(&manifest, &values)?;
    let redactor = redactor(world, &injections);
    let environment = environment::build(&world.environment, &args.keep, &injections)?;
    child::run(world, &args.command, environment, &redactor).await
}

/// What masks the values in whatever the child writes.
fn redactor(world: &World, injections: &[Injection]) -> Redactor {
    let mut secrets = Secrets::new();
    for Injection { variable, value, .. } in injections {
        if !secrets.add(variable.as_str(), value.expose()).is_empty() {
            let text = format!(
                "the value of `{variable}` is short or a common word, at least in part: what the \
                 command writes of it is not masked"
            );
            world.io.err.mention(&text);
        }
    }
    secrets.redactor()
}
