//! Where the lease of an environment's migrations is kept.

use std::path::PathBuf;

use pilotage_config::Fault;
use serde::{Deserialize, Serialize};

/// Where a lease is kept.
///
/// What is left out of a table comes from where the tools of its platform look: `AWS_REGION`,
/// `AWS_PROFILE`, `AWS_ENDPOINT_URL`, `KUBECONFIG`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LeasePlace {
    /// In a file of this machine: for one machine that runs all migrations.
    File,
    /// In the database that is migrated: for any number of machines.
    Database,
    /// In a table of DynamoDB, one item for each lease.
    DynamoDb(DynamoDbLease),
    /// In a bucket, one object for each lease.
    S3(S3Lease),
    /// In a cluster, one object of `coordination.k8s.io` for each lease.
    Kubernetes(KubernetesLease),
}

/// A table of DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DynamoDbLease {
    /// The name of the table; `lock create` makes it.
    #[cfg_attr(test, schemars(regex(pattern = "^[A-Za-z0-9_.-]{3,255}$")))]
    pub table: String,
    /// The region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The profile of the AWS tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Another address than that of AWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

/// A folder of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct S3Lease {
    /// The bucket, and the folder in it, as `s3://BUCKET/FOLDER`.
    #[cfg_attr(test, schemars(regex(pattern = "^s3://[a-z0-9.-]{3,63}(/.*)?$")))]
    pub folder: String,
    /// The region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The profile of the AWS tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Another address than that of AWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

/// A namespace of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KubernetesLease {
    /// The namespace; that of the context, or of the pod, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")))]
    pub namespace: Option<String>,
    /// The context of the kubeconfig; the current one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The kubeconfig, as a path from the folder of this file; as `kubectl` finds it if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub kubeconfig: Option<PathBuf>,
}

impl LeasePlace {
    /// Checks what can be checked without the platform; a fault carries the path below the table.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match self {
            Self::File | Self::Database => Ok(()),
            Self::DynamoDb(lease) => lease.check().map_err(|fault| fault.under("dynamodb")),
            Self::S3(lease) => lease.check().map_err(|fault| fault.under("s3")),
            Self::Kubernetes(lease) => lease.check().map_err(|fault| fault.under("kubernetes")),
        }
    }
}

impl DynamoDbLease {
    fn check(&self) -> Result<(), Fault> {
        let Self { table, region, profile, endpoint } = self;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if !(3..=255).contains(&table.len()) || !table.bytes().all(fits) {
            let help = "use 3 to 255 of letters, digits, `_`, `-` and `.`";
            let fault = Fault::new(format!("`{table}` cannot name a table")).with_help(help);
            return Err(fault.under("table"));
        }
        named(&[("region", region), ("profile", profile), ("endpoint", endpoint)])
    }
}

impl S3Lease {
    fn check(&self) -> Result<(), Fault> {
        let Self { folder, region, profile, endpoint } = self;
        if !folder.starts_with("s3://") {
            let fault = Fault::new(format!("`{folder}` is no folder of a bucket"));
            return Err(fault.with_help("write `s3://BUCKET/FOLDER`").under("folder"));
        }
        named(&[("region", region), ("profile", profile), ("endpoint", endpoint)])
    }
}

impl KubernetesLease {
    fn check(&self) -> Result<(), Fault> {
        let Self { namespace, context, .. } = self;
        named(&[("namespace", namespace), ("context", context)])
    }
}

/// What is given must name something.
pub(super) fn named(given: &[(&str, &Option<String>)]) -> Result<(), Fault> {
    let empty = given.iter().find(|(_, value)| value.as_deref() == Some(""));
    empty.map_or(Ok(()), |(key, _)| {
        Err(Fault::new("this names nothing").with_help("leave it out, or name it").under(*key))
    })
}
