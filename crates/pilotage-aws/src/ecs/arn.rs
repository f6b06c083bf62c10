//! Names of services, before anything is asked about them.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The longest name of a cluster or a service.
const LONGEST: usize = 255;

/// A service in a cluster, written `cluster/service`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceName {
    cluster: String,
    service: String,
}

/// Text that cannot name a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a service: write `cluster/service`, each 1 to 255 of letters, digits, \
     `-` and `_`"
)]
pub struct InvalidService {
    given: String,
}

impl ServiceName {
    /// The cluster.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The service in it.
    pub fn service(&self) -> &str {
        &self.service
    }
}

impl FromStr for ServiceName {
    type Err = InvalidService;

    fn from_str(text: &str) -> Result<Self, InvalidService> {
        match text.split_once('/') {
            Some((cluster, service)) if is_name(cluster) && is_name(service) => {
                Ok(Self { cluster: cluster.into(), service: service.into() })
            }
            _ => Err(InvalidService { given: text.into() }),
        }
    }
}

impl Display for ServiceName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.service)
    }
}

fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_with_its_cluster() {
        let name: ServiceName = "shop/web_1".parse().expect("a name");
        assert_eq!((name.cluster(), name.service()), ("shop", "web_1"));
        for wrong in ["", "web", "shop/", "/web", "shop/web/1", "shop/w b", "arn:aws:ecs/x"] {
            assert!(wrong.parse::<ServiceName>().is_err(), "{wrong}");
        }
    }
}
