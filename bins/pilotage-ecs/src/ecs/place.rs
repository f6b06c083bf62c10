//! The table `target` of kind `ecs`.

use std::path::Path;

use pilotage_aws::Session;
use pilotage_aws::ecs::{InvalidService, ServiceName};
use pilotage_cli::PlatformError;
use pilotage_target_ecs::{PairPlace, Side};
use serde::Deserialize;

use super::text::{Text, values};
use super::{Keep, wrong};

/// The table as it is written. What is left out comes from where AWS's own tools look.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    cluster: Text,
    service: Option<Text>,
    pair: Option<[WrittenSide; 2]>,
    route: Option<Text>,
    preview: Option<Text>,
    region: Option<String>,
    profile: Option<String>,
    endpoint: Option<String>,
    role: Option<String>,
    state: Keep,
}

/// One of two services, and the target group that it stands behind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSide {
    service: Text,
    group: Text,
}

/// Where a service is, who deploys to it, and where the state of its runs is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Place {
    cluster: Text,
    what: What,
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

/// What is deployed to.
#[derive(Debug, Clone)]
enum What {
    /// One service, which ECS deploys to.
    One(Text),
    /// Two behind one rule of a load balancer, which the engine drives.
    Pair { sides: Box<[WrittenSide; 2]>, route: Text, preview: Option<Text> },
}

/// What is deployed to, by name.
#[derive(Debug)]
pub(super) enum Named {
    One(ServiceName),
    Pair(PairPlace),
}

impl TryFrom<Written> for Place {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let Written { cluster, region, profile, endpoint, role, state, .. } = written;
        let what = match (written.service, written.pair, written.route, written.preview) {
            (Some(service), None, None, None) => What::One(service),
            (None, Some(sides), Some(route), preview) => {
                What::Pair { sides: Box::new(sides), route, preview }
            }
            (None, Some(_), None, _) => {
                return Err("a `pair` needs a `route`, the rule or listener that divides requests");
            }
            (None, None, ..) => {
                return Err("name the `service`, or a `pair` of services with its `route`");
            }
            (Some(_), ..) => {
                return Err(
                    "either one `service`, which ECS deploys to, or a `pair` with its `route`",
                );
            }
        };
        Ok(Self { cluster, what, region, profile, endpoint, role, state })
    }
}

impl Place {
    /// Where journals and the lease are kept.
    pub(crate) const fn keep(&self) -> &Keep {
        &self.state
    }

    /// What the configuration names, or refers to.
    pub(super) async fn named(
        &self,
        session: &Session,
        root: &Path,
    ) -> Result<Named, PlatformError> {
        match &self.what {
            What::One(service) => {
                let found = values([&self.cluster, service], session, root).await?;
                let [cluster, service] = &found;
                Ok(Named::One(service_of(cluster, service)?))
            }
            What::Pair { sides, route, preview } => {
                self.pair(sides, (route, preview.as_ref()), session, root).await.map(Named::Pair)
            }
        }
    }

    async fn pair(
        &self,
        sides: &[WrittenSide; 2],
        (route, preview): (&Text, Option<&Text>),
        session: &Session,
        root: &Path,
    ) -> Result<PairPlace, PlatformError> {
        let [one, other] = sides;
        let named = [&self.cluster, &one.service, &one.group, &other.service, &other.group, route];
        let [cluster, one, blue, other, green, route] = values(named, session, root).await?;
        let route = route.parse().map_err(|why| wrong("the route cannot be named", why))?;
        let preview = match preview {
            None => None,
            Some(preview) => {
                let [preview] = values([preview], session, root).await?;
                Some(preview.parse().map_err(|why| wrong("the preview cannot be named", why))?)
            }
        };
        let sides = [
            Side { service: service_of(&cluster, &one)?, group: blue },
            Side { service: service_of(&cluster, &other)?, group: green },
        ];
        PairPlace::new(sides, route, preview).map_err(|why| wrong("this is no pair", why))
    }
}

fn service_of(cluster: &str, service: &str) -> Result<ServiceName, PlatformError> {
    let name = format!("{}/{}", last(cluster), last(service));
    name.parse().map_err(|why: InvalidService| wrong("the service cannot be named", why))
}

/// The name at the end of an ARN, which is what stacks tell; a name is its own.
fn last(text: &str) -> &str {
    if text.starts_with("arn:") { text.rsplit('/').next().unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_stacks_are_names_as_well() {
        assert_eq!(last("shop"), "shop");
        assert_eq!(last("arn:aws:ecs:eu-central-1:123456789012:cluster/shop"), "shop");
        assert_eq!(last("arn:aws:ecs:eu-central-1:123456789012:service/shop/web"), "web");
    }
}
