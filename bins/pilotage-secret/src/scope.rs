//! Which secrets a command is about: those of an environment, or of one component of it.

use pilotage_cli::{Reader, Secrets};
use pilotage_rollout::ExitCode;
use pilotage_secrets::manifest::{Component, Manifest};
use pilotage_secrets::plan::Pins;
use pilotage_secrets::reference::Site;
use pilotage_secrets::render::Variables;
use pilotage_secrets::resolve::{Incomplete, Resolved, Unresolved};
use pilotage_secrets::{Failure as Why, Reference};
use std::collections::BTreeMap;

use crate::args::{Global, ScopeArgs, SiteArgs, SourceArgs};
use crate::failure::{Done, Failure, config, failed, wrong};
use crate::pins;
use crate::world::World;

/// Reads what a command is about, with pins applied.
pub(crate) fn secrets(global: &Global, args: &ScopeArgs) -> Done<Secrets> {
    let mut secrets = Secrets::load(&global.config, global.env.as_deref()).map_err(config)?;
    if let Some(name) = &args.component {
        let only = secrets.manifest.only(name);
        secrets.manifest = only.ok_or_else(|| no_such(name, &secrets.manifest))?;
    }
    if let Some(path) = &args.pins {
        apply(&pins::read(path, &secrets.environment)?, &mut secrets.manifest);
    }
    Ok(secrets)
}

/// As whom they are read: as the command line says, otherwise as the configuration does.
pub(crate) fn reader(secrets: &Secrets, args: &SourceArgs) -> Reader {
    let configured = secrets.reader.clone();
    let region = args.region.clone().or(configured.region);
    match &args.role {
        // What another role's trust policy asks for is no business of this one.
        Some(role) => Reader { role: Some(role.clone()), external_id: None, region },
        None => Reader { region, ..configured },
    }
}

/// Where references are that do not say it, if that is known.
pub(crate) fn site(args: &SiteArgs) -> Done<Option<Site>> {
    let (Some(account), Some(region)) = (&args.account, &args.region) else { return Ok(None) };
    let site = Site::new(&args.partition, region, account);
    site.map(Some).map_err(|error| failed("the account or the region is none", error))
}

/// The only component that there is.
pub(crate) fn only(manifest: &Manifest) -> Done<Option<(&Component, &Variables)>> {
    if manifest.components.len() > 1 {
        let failure = wrong("the environment has several components");
        return Err(failure.help("choose one with `--component`"));
    }
    Ok(manifest.components.first_key_value())
}

fn apply(pins: &Pins, manifest: &mut Manifest) {
    for wanted in manifest.components.values_mut().flat_map(BTreeMap::values_mut) {
        wanted.from = pins.applied(&wanted.from);
    }
}

fn no_such(name: &str, manifest: &Manifest) -> Failure {
    let known: Vec<String> = manifest.components.keys().map(|name| format!("`{name}`")).collect();
    let failure = wrong(format!("the environment has no secrets for a component `{name}`"));
    match known.as_slice() {
        [] => failure.help("add `[env.NAME.secrets.COMPONENT]` to the configuration"),
        known => failure.help(format!("it has {}", known.join(", "))),
    }
}

/// Reads all values, or says of each that cannot be read why.
pub(crate) async fn values(
    world: &World,
    global: &Global,
    reader: &Reader,
    manifest: &Manifest,
) -> Done<BTreeMap<Reference, Resolved>> {
    let resolver = world.resolver(global, reader, manifest.locators()).await;
    let resolution = resolver.resolve(manifest.references().cloned()).await;
    resolution.complete().map_err(|incomplete| {
        tell(world, &incomplete);
        Failure::new(code(&incomplete), incomplete.to_string())
    })
}

/// Says of each reference that has no value why, and what helps.
fn tell(world: &World, incomplete: &Incomplete) {
    for (reference, why) in incomplete.wrong() {
        world.io.err.mention(&format!("{reference}: {why}\n  help: {}", why.help()));
    }
}

/// Unknown, if all that is wrong may be right in a moment; otherwise refused.
fn code(incomplete: &Incomplete) -> ExitCode {
    let transient = |(_, why): &(Reference, Unresolved)| matches!(why, Unresolved::Source(why) if Why::is_transient(why));
    if incomplete.wrong().iter().all(transient) { ExitCode::Unknown } else { ExitCode::Refused }
}
