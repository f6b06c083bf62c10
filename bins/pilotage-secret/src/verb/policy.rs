//! `policy`: the least privilege that the secrets need.

use pilotage_cli::Secrets;
use pilotage_rollout::ExitCode;
use pilotage_secrets::policy::{
    Difference, Document, Party, Scope, assignments, diff, document, role,
};
use serde_json::json;

use super::print;
use crate::args::{Global, Kind, PolicyArgs};
use crate::failure::{Done, failed};
use crate::world::World;
use crate::{files, scope};

pub(crate) fn policy(world: &World, global: &Global, args: &PolicyArgs) -> Done {
    let secrets = scope::secrets(global, &args.scope)?;
    let party = Party::from(args.party);
    match args.kind {
        Kind::Iam => iam(world, global, args, &secrets, party),
        Kind::Azure => azure(world, args, &secrets, party),
        Kind::Kubernetes => kubernetes(world, &secrets, party),
    }
}

fn iam(world: &World, global: &Global, args: &PolicyArgs, secrets: &Secrets, party: Party) -> Done {
    let needed =
        document(&secrets.manifest, party, scope::site(&args.site)?.as_ref()).map_err(|error| {
            let help = "refer to it by its ARN, or give `--account` and `--region`";
            failed("the policy cannot be made", error).help(help)
        })?;
    let Some(path) = &args.diff else {
        let text =
            needed.to_json().map_err(|error| failed("the policy cannot be written", error))?;
        print(world, &text)?;
        return Ok(ExitCode::Success);
    };
    let given = Document::parse(&files::read(path)?)
        .map_err(|error| failed(format!("{} cannot be compared", path.display()), error))?;
    let differences = diff(&given, &needed);
    if global.json {
        let one = |one: &Difference| json!({ "code": one.code(), "what": one.to_string() });
        let all: Vec<_> = differences.iter().map(one).collect();
        print(world, &json!({ "differences": all }).to_string())?;
    } else {
        differences.iter().try_for_each(|one| print(world, &format!("{}: {one}", one.code())))?;
    }
    Ok(if differences.is_empty() { ExitCode::Success } else { ExitCode::Refused })
}

fn azure(world: &World, args: &PolicyArgs, secrets: &Secrets, party: Party) -> Done {
    let subscription = args.subscription.clone().unwrap_or_default();
    let resource_group = args.resource_group.clone().unwrap_or_default();
    let scope = Scope { subscription, resource_group };
    let assignments = assignments(&secrets.manifest, party, &scope);
    print(world, &format!("{:#}", json!(assignments)))?;
    Ok(ExitCode::Success)
}

fn kubernetes(world: &World, secrets: &Secrets, party: Party) -> Done {
    let roles = match party {
        Party::Plan => {
            let text = "`check` needs the verb `get` to look at a Secret, which reads values as \
                        well; there is no lesser right, so that none is derived";
            world.io.err.mention(text);
            Vec::new()
        }
        Party::Task | Party::Execution => role(&secrets.manifest, "pilotage-secrets"),
    };
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": roles });
    print(world, &format!("{list:#}"))?;
    Ok(ExitCode::Success)
}
