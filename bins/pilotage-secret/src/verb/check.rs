//! `check`: looks whether every secret is there, and what has moved.

use std::path::Path;

use pilotage_cli::{Reader, Secrets};
use pilotage_rollout::ExitCode;
use pilotage_secrets::Resolver;
use pilotage_secrets::plan::{
    Drift, Finding, Gravity, Loss, Lost, Pins, Survey, What, drift, lost, survey, to_describe,
};
use serde_json::{Value, json};

use super::print;
use crate::args::{CheckArgs, Global};
use crate::exec::injection;
use crate::failure::{Done, failed, wrong};
use crate::world::World;
use crate::{env_file, pins, scope};

/// What has moved since an earlier release.
#[derive(Debug)]
struct Since {
    drift: Vec<Drift>,
    lost: Vec<Lost>,
}

pub(crate) async fn check(world: &World, global: &Global, args: &CheckArgs) -> Done {
    if args.source.role.is_some() && !args.read {
        return Err(wrong("`--role` is of no use without `--read`: looking needs other rights"));
    }
    let secrets = scope::secrets(global, &args.scope)?;
    let manifest = &secrets.manifest;
    let before = args.since.as_deref().map(|path| pins::read(path, &secrets.environment));
    let before = before.transpose()?.unwrap_or_default();
    let wanted = manifest.locators().chain(to_describe(&before));
    // Whoever looks needs other rights than whoever reads.
    let reader = scope::reader(&secrets, &args.source);
    let looking = Reader { role: None, external_id: None, ..reader.clone() };
    let resolver = world.resolver(global, &looking, wanted).await;
    let survey = survey(manifest.references(), &resolver.describe(manifest.locators()).await);
    let since = compare(&resolver, &before, &survey).await;
    report(world, global, &secrets, &survey, &since)?;
    if args.read {
        let values = scope::values(world, global, &reader, manifest).await?;
        injection::prepare(manifest, &values)?;
    }
    let code = verdict(&survey, &since, args);
    if let Some(path) = args.write_pins.as_deref().filter(|_| code == ExitCode::Success) {
        write(path, &survey.pins)?;
    }
    Ok(code)
}

async fn compare(resolver: &Resolver, pins: &Pins, survey: &Survey) -> Since {
    let described = resolver.describe(to_describe(pins)).await;
    Since { drift: drift(pins, &survey.pins), lost: lost(pins, &described) }
}

fn verdict(survey: &Survey, since: &Since, args: &CheckArgs) -> ExitCode {
    let transient = |finding: &Finding| match &finding.what {
        What::Failed(failure) => failure.is_transient(),
        what => what.gravity() < Gravity::Wait,
    };
    match survey.gravity() {
        Some(Gravity::Error) if survey.findings.iter().all(transient) => ExitCode::Unknown,
        Some(Gravity::Error) => ExitCode::Refused,
        Some(Gravity::Wait) if !args.allow_rotation => ExitCode::Refused,
        _ if !since.lost.is_empty() => ExitCode::Refused,
        _ => ExitCode::Success,
    }
}

fn write(path: &Path, pins: &Pins) -> Done<()> {
    let text = format!("{:#}\n", pins.to_json());
    env_file::create(path, text.as_bytes()).map_err(|error| {
        failed(format!("the pins cannot be written to {}", path.display()), error)
            .help("name a file that does not exist yet")
    })
}

fn report(
    world: &World,
    global: &Global,
    secrets: &Secrets,
    survey: &Survey,
    since: &Since,
) -> Done<()> {
    if global.json {
        return print(world, &as_json(secrets, survey, since).to_string());
    }
    for finding in &survey.findings {
        let Finding { reference, what } = finding;
        let text = format!("{reference}: {what}\n  help: {}", what.help());
        world.io.err.mention(&text);
    }
    for Drift { locator, pinned, now } in &since.drift {
        let now = now.as_ref().map_or("none", |now| now.as_str());
        world.io.err.mention(&format!("{locator}: was {pinned}, is {now}"));
    }
    for Lost { locator, pinned, loss } in &since.lost {
        world.io.err.mention(&format!("{locator}: version {pinned} {}", words(loss)));
    }
    for (locator, version) in survey.pins.iter() {
        print(world, &format!("{locator} {version}"))?;
    }
    Ok(())
}

const fn words(loss: &Loss) -> &'static str {
    match loss {
        Loss::Gone => "is gone",
        Loss::Unlabelled => "has no stage left and may be pruned at any time",
        Loss::Deleting(_) => "belongs to a secret that is scheduled for deletion",
        _ => "cannot be looked at",
    }
}

fn as_json(secrets: &Secrets, survey: &Survey, since: &Since) -> Value {
    let finding = |Finding { reference, what }: &Finding| {
        json!({
            "reference": reference.to_string(),
            "code": what.code(),
            "what": what.to_string(),
            "help": what.help(),
        })
    };
    let drift = |Drift { locator, pinned, now }: &Drift| {
        let now = now.as_ref().map(ToString::to_string);
        json!({ "reference": locator.to_string(), "pinned": pinned.to_string(), "now": now })
    };
    let lost = |Lost { locator, pinned, loss }: &Lost| {
        json!({
            "reference": locator.to_string(),
            "pinned": pinned.to_string(),
            "what": words(loss),
        })
    };
    json!({
        "environment": secrets.environment,
        "pins": survey.pins.to_json(),
        "findings": survey.findings.iter().map(finding).collect::<Vec<_>>(),
        "drift": since.drift.iter().map(drift).collect::<Vec<_>>(),
        "lost": since.lost.iter().map(lost).collect::<Vec<_>>(),
    })
}
