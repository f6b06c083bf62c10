//! `exec`: runs a command with the secrets of one component.

use crate::args::{ExecArgs, Global};
use crate::concealment;
use crate::exec::{child, environment, injection};
use crate::failure::Done;
use crate::scope;
use crate::world::World;

pub(crate) async fn exec(world: &World, global: &Global, args: &ExecArgs) -> Done<u8> {
    let secrets = scope::secrets(global, &args.scope)?;
    let (manifest, reader) = (&secrets.manifest, scope::reader(&secrets, &args.source));
    scope::only(manifest)?;
    let values = scope::values(world, global, &reader, manifest).await?;
    let injections = injection::prepare(manifest, &values)?;
    concealment::conceal(world, &injections);
    let environment = environment::build(&world.environment, &args.keep, &injections)?;
    child::run(world, &args.command, environment, &world.io.veil().redactor()).await
}
