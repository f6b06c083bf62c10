//! Names of what divides requests, before anything is asked about it.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A rule of an application load balancer, or the default of one of its listeners, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteArn {
    text: String,
    is_listener: bool,
}

/// Text that names no rule and no listener.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` names no rule and no listener of an application load balancer: write the ARN of a \
     rule (`…:listener-rule/app/…`), or of a listener (`…:listener/app/…`) for its default rule"
)]
pub struct InvalidRoute {
    given: String,
}

impl RouteArn {
    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a listener, whose default rule is meant.
    pub const fn is_listener(&self) -> bool {
        self.is_listener
    }
}

impl FromStr for RouteArn {
    type Err = InvalidRoute;

    fn from_str(text: &str) -> Result<Self, InvalidRoute> {
        let invalid = || InvalidRoute { given: text.into() };
        let mut parts = text.splitn(6, ':');
        let service = (parts.next() == Some("arn")).then(|| parts.nth(1)).flatten();
        let resource = parts.nth(2).filter(|_| service == Some("elasticloadbalancing"));
        let (kind, rest) =
            resource.and_then(|resource| resource.split_once('/')).ok_or_else(invalid)?;
        let depth = rest.split('/').filter(|part| !part.is_empty()).count();
        let is_listener = match (kind, depth) {
            ("listener", 4) => true,
            ("listener-rule", 5) => false,
            _ => return Err(invalid()),
        };
        if rest.starts_with("app/") {
            Ok(Self { text: text.into(), is_listener })
        } else {
            Err(invalid())
        }
    }
}

impl Display for RouteArn {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_listeners_are_told_apart_and_nothing_else_is_taken() {
        let arn = |rest: &str| format!("arn:aws:elasticloadbalancing:eu-central-1:1:{rest}");
        let parsed = |rest: &str| arn(rest).parse::<RouteArn>();
        assert!(!parsed("listener-rule/app/web/1/2/3").expect("a rule").is_listener());
        assert!(parsed("listener/app/web/1/2").expect("a listener").is_listener());
        for wrong in ["listener/net/web/1/2", "listener/app/web/1", "targetgroup/blue/1", ""] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
        assert!("arn:aws:ecs:x:1:listener/app/web/1/2".parse::<RouteArn>().is_err());
    }
}
