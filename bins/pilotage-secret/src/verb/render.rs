//! `render`: the document by which a platform brings secrets to a component.

use pilotage_rollout::ExitCode;
use pilotage_secrets::Locator;
use pilotage_secrets::manifest::Wanted;
use pilotage_secrets::plan::Pins;
use pilotage_secrets::reference::Variable;
use pilotage_secrets::render::{Store, Variables, ecs, external_secret, secret_provider_class};

use super::print;
use crate::args::{Global, RenderArgs, RenderForm, ScopeArgs};
use crate::failure::{Done, Failure, failed, wrong};
use crate::world::World;
use crate::{pins, scope};

pub(crate) fn render(world: &World, global: &Global, args: &RenderArgs) -> Done {
    let unpinned = ScopeArgs { pins: None, ..args.scope.clone() };
    let secrets = scope::secrets(global, &unpinned)?;
    let Some((component, variables)) = scope::only(&secrets.manifest)? else {
        return Err(wrong("there are no secrets to be rendered"));
    };
    let pins = args.scope.pins.as_deref().map(|path| pins::read(path, &secrets.environment));
    let variables = match pins.transpose()? {
        Some(pins) => pinned(world, args.form, &pins, variables),
        None => variables.clone(),
    };
    let site = scope::site(&args.site)?;
    let name = component.as_str();
    let document = match args.form {
        RenderForm::Ecs => ecs(&variables, site.as_ref()),
        RenderForm::ExternalSecret => {
            let store = args.store.clone().unwrap_or_default();
            external_secret(
                name,
                &Store { name: store, of_cluster: args.cluster_store },
                &variables,
            )
        }
        RenderForm::ProviderClass => {
            secret_provider_class(name, &variables, args.tenant.as_deref())
        }
    };
    let document = document.map_err(|error| refused(&error))?;
    print(world, &format!("{document:#}"))?;
    Ok(ExitCode::Success)
}

/// Applies pins wherever the platform can say them, and says where it cannot.
fn pinned(world: &World, form: RenderForm, pins: &Pins, variables: &Variables) -> Variables {
    let pinned = |(variable, wanted): (&Variable, &Wanted)| {
        let parameter = matches!(wanted.from.locator(), Locator::Parameter(_));
        let mut wanted = wanted.clone();
        if parameter && form == RenderForm::Ecs {
            let text = format!("`{variable}` is not pinned: ECS cannot pin a parameter");
            world.io.err.mention(&text);
        } else {
            wanted.from = pins.applied(&wanted.from);
        }
        (variable.clone(), wanted)
    };
    variables.iter().map(pinned).collect()
}

fn refused(error: &pilotage_secrets::render::Unrenderable) -> Failure {
    failed("the document cannot be made", error.clone())
}
