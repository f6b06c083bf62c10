//! `resolve`: which variable comes from where, and in which version.

use std::collections::BTreeMap;

use pilotage_rollout::ExitCode;
use pilotage_secrets::Reference;
use pilotage_secrets::manifest::Manifest;
use pilotage_secrets::reference::Variable;
use pilotage_secrets::resolve::Resolved;
use serde_json::json;

use super::print;
use crate::args::{Global, ResolveArgs};
use crate::concealment::conceal;
use crate::env_file;
use crate::exec::injection::{self, Injection};
use crate::failure::{Done, failed, wrong};
use crate::scope;
use crate::world::World;

pub(crate) async fn resolve(world: &World, global: &Global, args: &ResolveArgs) -> Done {
    if args.values && world.io.out.is_terminal() {
        let failure = wrong("values are not shown on a terminal");
        return Err(failure.help("redirect stdout, or use `exec` or `--env-file`"));
    }
    let secrets = scope::secrets(global, &args.scope)?;
    let (manifest, reader) = (&secrets.manifest, scope::reader(&secrets, &args.source));
    let values = scope::values(world, global, &reader, manifest).await?;
    if args.values {
        let injections = injection::prepare(manifest, &values)?;
        conceal(world, &injections);
        print_values(world, &injections)?;
    } else if let Some(path) = &args.env_file {
        let injections = injection::prepare(manifest, &values)?;
        let text = env_file::render(&injections)?;
        conceal(world, &injections);
        env_file::create(path, text.expose()).map_err(|error| {
            failed(format!("the file {} cannot be made", path.display()), error)
                .help("name one that does not exist yet")
        })?;
    } else {
        print_versions(world, global, manifest, &values)?;
    }
    Ok(ExitCode::Success)
}

/// The one place at which values go to stdout.
fn print_values(world: &World, injections: &[Injection]) -> Done<()> {
    let mut object = BTreeMap::<&str, &str>::new();
    for Injection { variable, value, .. } in injections {
        let text = value.expose_text().ok_or_else(|| not_text(variable))?;
        if object.insert(variable.as_str(), text).is_some() {
            let failure = wrong(format!("`{variable}` is a variable of several components"));
            return Err(failure.help("choose one with `--component`"));
        }
    }
    let text = json!(object).to_string();
    world
        .io
        .out
        .unveiled()
        .line(&text)
        .map_err(|error| failed("the output cannot be written", error))
}

fn not_text(variable: &Variable) -> crate::failure::Failure {
    wrong(format!("the value of `{variable}` is not text")).help("use `exec`, and `as = \"fd\"`")
}

fn print_versions(
    world: &World,
    global: &Global,
    manifest: &Manifest,
    values: &BTreeMap<Reference, Resolved>,
) -> Done<()> {
    let mut rows = Vec::new();
    for (component, wanted) in &manifest.components {
        for (variable, wanted) in wanted {
            let version = values.get(&wanted.from).and_then(|resolved| resolved.version.as_ref());
            let version = version.map(ToString::to_string);
            let from = wanted.from.to_string();
            if !global.json {
                let version = version.as_deref().unwrap_or("-");
                print(world, &format!("{component} {variable} {from} {version}"))?;
            }
            rows.push(json!({
                "component": component.as_str(),
                "variable": variable.as_str(),
                "from": from,
                "version": version,
            }));
        }
    }
    if global.json { print(world, &json!({ "resolved": rows }).to_string()) } else { Ok(()) }
}
