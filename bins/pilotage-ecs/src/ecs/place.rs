//! The table `target` of kind `ecs`.

use std::path::Path;

use pilotage_aws::Session;
use pilotage_aws::ecs::ServiceName;
use pilotage_cli::PlatformError;
use serde::Deserialize;

use super::text::{Text, values};
use super::{Keep, wrong};

/// The table `target` of kind `ecs`. What is left out comes from where AWS's own tools look.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The cluster, or where its name is found.
    cluster: Text,
    /// The service in it, or where its name is found.
    service: Text,
    /// The region.
    pub(super) region: Option<String>,
    /// The profile of the AWS tools.
    pub(super) profile: Option<String>,
    /// Another address than that of AWS.
    pub(super) endpoint: Option<String>,
    /// The role that is assumed.
    pub(super) role: Option<String>,
    /// Where journals and the lease are kept.
    pub(super) state: Keep,
}

impl Place {
    /// Where journals and the lease are kept.
    pub(crate) const fn keep(&self) -> &Keep {
        &self.state
    }

    /// The service, by what the configuration says or by what it refers to.
    pub(super) async fn service(
        &self,
        session: &Session,
        root: &Path,
    ) -> Result<ServiceName, PlatformError> {
        let [cluster, service] = values([&self.cluster, &self.service], session, root).await?;
        let name = format!("{}/{}", named(&cluster), named(&service));
        name.parse().map_err(|why| wrong("the service cannot be named", why))
    }
}

/// The name at the end of an ARN, which is what stacks tell; a name is its own.
fn named(text: &str) -> &str {
    if text.starts_with("arn:") { text.rsplit('/').next().unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_stacks_are_names_as_well() {
        assert_eq!(named("shop"), "shop");
        assert_eq!(named("arn:aws:ecs:eu-central-1:123456789012:cluster/shop"), "shop");
        assert_eq!(named("arn:aws:ecs:eu-central-1:123456789012:service/shop/web"), "web");
    }
}
