//! Where the workers of an environment's migrations run.

use std::path::PathBuf;

use pilotage_config::Fault;
use serde::Deserialize;

use super::lease::{LeasePlace, named};

/// Where workers run.
///
/// What is left out of a table comes from where the tools of its platform look: `AWS_REGION`,
/// `AWS_PROFILE`, `AWS_ENDPOINT_URL`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RunnerPlace {
    /// On this machine, which must reach the database.
    #[default]
    Local,
    /// As a one-off task beside a service of Amazon ECS, in the network of which the database is.
    Ecs(EcsWorkers),
}

/// Workers as one-off tasks of Amazon ECS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EcsWorkers {
    /// The service whose network and capacity they use, as `CLUSTER/SERVICE`.
    #[cfg_attr(test, schemars(regex(pattern = "^[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$")))]
    pub service: String,
    /// Another task definition than that of the service: an ARN, `FAMILY:REVISION`, or a family for
    /// its newest revision.
    #[serde(default)]
    pub definition: Option<String>,
    /// The container in which they run; its image has the program and the migrations.
    pub container: String,
    /// The program in the image, word by word, as far as its entry point does not say it.
    #[serde(default = "program")]
    pub program: Vec<String>,
    /// Where the image has what stands in the folder of this file.
    #[cfg_attr(test, schemars(with = "String"))]
    pub folder: PathBuf,
    /// The region.
    #[serde(default)]
    pub region: Option<String>,
    /// The profile of the AWS tools, for this machine.
    #[serde(default)]
    pub profile: Option<String>,
    /// Another address than that of AWS, for this machine.
    #[serde(default)]
    pub endpoint: Option<String>,
}

fn program() -> Vec<String> {
    vec!["pilotage-migrate".into()]
}

impl RunnerPlace {
    /// Checks what can be checked without the platform; a fault carries the path below the table.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Local => Ok(()),
            Self::Ecs(workers) => workers.check().map_err(|fault| fault.under("ecs")),
        }
    }

    /// Whether a worker sees a lease that is kept there.
    pub(super) fn sees(&self, lease: Option<&LeasePlace>, has_database: bool) -> bool {
        match (self, lease) {
            (Self::Ecs(_), None) => has_database,
            (Self::Ecs(_), Some(LeasePlace::File | LeasePlace::Kubernetes(_))) => false,
            (Self::Local, _) | (Self::Ecs(_), Some(_)) => true,
        }
    }
}

impl EcsWorkers {
    fn check(&self) -> Result<(), Fault> {
        let Self { service, definition, container, folder, region, profile, endpoint, .. } = self;
        let is_name = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            (1..=255).contains(&text.len()) && text.bytes().all(fits)
        };
        let parts = service.split_once('/');
        if !parts.is_some_and(|(cluster, service)| is_name(cluster) && is_name(service)) {
            let fault = Fault::new(format!("`{service}` is no service in a cluster"));
            return Err(fault.with_help("write `CLUSTER/SERVICE`").under("service"));
        }
        if container.is_empty() {
            let help = "name the container of the task definition whose image has the migrations";
            return Err(Fault::new("this names no container").with_help(help).under("container"));
        }
        if !folder.is_absolute() {
            let fault = Fault::new(format!("`{}` is no absolute path", folder.display()));
            let help = "write the path in the image, such as `/app`";
            return Err(fault.with_help(help).under("folder"));
        }
        let given = [("definition", definition), ("region", region), ("profile", profile)];
        named(&given).and_then(|()| named(&[("endpoint", endpoint)]))
    }
}
