//! Workers as one-off tasks of Amazon ECS.

use std::path::Path;
use std::sync::Arc;

use pilotage_aws::ecs::Ecs;
use pilotage_aws::logs::Logs;
use pilotage_aws::{Session, Settings as Account};
use pilotage_cli::{DynamoDbLease, EcsWorkers, LeasePlace, S3Lease};
use pilotage_clock::Clock;
use pilotage_ecs_task::images::Images;
use pilotage_ecs_task::{Berth, EcsRunner, Tasks};
use pilotage_migration::saga::next::Gaps;
use pilotage_migration::saga::runner::Runner;
use pilotage_redact::Veil;

use crate::args::lease;
use crate::failure::Failure;
use crate::settings::Settings;

/// A folder that nobody writes to: a worker that keeps nothing on its machine still has to name one.
const STATE: &str = "/tmp/pilotage";

pub(super) async fn open(
    settings: &Settings,
    workers: &EcsWorkers,
    veil: &Veil,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Runner>, Failure> {
    let berth = berth(settings, workers)?;
    let EcsWorkers { region, profile, endpoint, .. } = workers.clone();
    let account = Account { region, profile, endpoint, role: None, clock: None };
    let session = Session::open(&account).await.map_err(Failure::store)?;
    let tasks = Tasks::new(&Ecs::new(&session), &Logs::new(&session), veil, Arc::clone(clock));
    Ok(Arc::new(EcsRunner::new(tasks, berth)))
}

fn berth(settings: &Settings, workers: &EcsWorkers) -> Result<Berth, Failure> {
    let mut worker = workers.program.clone();
    worker.push("worker".into());
    worker.extend(place_flags(settings, workers)?);
    Ok(Berth {
        service: workers.service.parse().map_err(Failure::store)?,
        definition: workers.definition.clone(),
        images: Images::new(),
        container: workers.container.clone(),
        worker,
        rest: what_words(settings, workers)?,
    })
}

/// What a worker is told of where it works. The values of secrets are those of its own container.
fn place_flags(settings: &Settings, workers: &EcsWorkers) -> Result<Vec<String>, Failure> {
    let mut flags: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: String| flags.extend([flag.to_owned(), value]);
    add("--name", settings.name.as_str().into());
    add("--state", STATE.into());
    add("--folder", text(&workers.folder)?);
    if let Some(lease) = lease::word(&seen_from_a_task(&settings.lease)?) {
        add("--lease", lease);
    }
    settings.server.iter().for_each(|server| add("--server", server.to_string()));
    settings.database.iter().for_each(|name| add("--database", name.clone()));
    settings.secrets.iter().for_each(|name| add("--secret", name.clone()));
    if settings.gaps == Gaps::Allowed {
        flags.push("--gaps".into());
    }
    Ok(flags)
}

/// A task has a role instead of a profile, and its own way to AWS.
fn seen_from_a_task(lease: &LeasePlace) -> Result<LeasePlace, Failure> {
    match lease.clone() {
        LeasePlace::Database => Ok(LeasePlace::Database),
        LeasePlace::DynamoDb(lease) => {
            Ok(LeasePlace::DynamoDb(DynamoDbLease { profile: None, ..lease }))
        }
        LeasePlace::S3(lease) => Ok(LeasePlace::S3(S3Lease { profile: None, ..lease })),
        LeasePlace::File | LeasePlace::Kubernetes(_) => Err(Failure::Refused {
            what: "a task does not see a lease that is kept on this machine".into(),
            help: "keep it in `database`, `dynamodb:TABLE` or `s3://BUCKET/FOLDER`".into(),
        }),
    }
}

/// What is applied, where the image has it.
fn what_words(settings: &Settings, workers: &EcsWorkers) -> Result<Vec<String>, Failure> {
    let there = |path: &std::path::PathBuf| match path.strip_prefix(&settings.folder) {
        Ok(within) => text(&workers.folder.join(within)),
        Err(_) => Err(Failure::Refused {
            what: format!("a task does not see `{}`", path.display()),
            help: "name files in or below the folder of the configuration".into(),
        }),
    };
    let mut words = settings.files.iter().map(there).collect::<Result<Vec<_>, _>>()?;
    if !settings.command.is_empty() {
        words.push("--".into());
        for word in &settings.command {
            words.push(text(Path::new(word))?);
        }
    }
    Ok(words)
}

fn text(path: &Path) -> Result<String, Failure> {
    path.to_str().map(ToOwned::to_owned).ok_or_else(|| Failure::Refused {
        what: format!("`{}` is no text that a task could be told", path.display()),
        help: "use names in UTF-8".into(),
    })
}

#[cfg(test)]
mod tests {
    use pilotage_cli::{Migration, RunnerPlace};

    use super::*;

    fn settings(lease: LeasePlace) -> Settings {
        let table = Migration {
            server: Some("postgres@16".into()),
            files: vec!["db".into()],
            database: Some("DATABASE_URL".into()),
            lease: Some(lease),
            state: Some("state".into()),
            runner: RunnerPlace::Ecs(workers()),
            ..Migration::default()
        };
        Settings::of_table("shop-prod", Path::new("/checkout/repo"), &table).expect("settings")
    }

    fn workers() -> EcsWorkers {
        EcsWorkers {
            service: "shop/web".into(),
            definition: None,
            container: "web".into(),
            program: vec!["pilotage-migrate".into()],
            folder: "/app".into(),
            region: None,
            profile: Some("deploy".into()),
            endpoint: None,
        }
    }

    #[test]
    fn a_task_is_told_nothing_of_this_machine() {
        let table = DynamoDbLease {
            table: "leases".into(),
            region: Some("eu-central-1".into()),
            profile: Some("deploy".into()),
            endpoint: None,
        };
        let berth = berth(&settings(LeasePlace::DynamoDb(table)), &workers()).expect("a berth");
        let told = [berth.worker.clone(), berth.rest].concat().join(" ");
        for alien in ["/checkout", "deploy"] {
            assert!(!told.contains(alien), "{told}");
        }
        for needed in
            ["--folder /app", "--database DATABASE_URL", "--server postgres@16", "/app/db"]
        {
            assert!(told.contains(needed), "{told} lacks {needed}");
        }
        assert_eq!(berth.worker.get(..2), Some(&["pilotage-migrate".into(), "worker".into()][..]));
    }

    #[test]
    fn a_lease_on_this_machine_is_refused() {
        let error = berth(&settings(LeasePlace::File), &workers()).expect_err("refused");
        assert!(error.help().join(" ").contains("dynamodb"), "{error}");
    }
}
