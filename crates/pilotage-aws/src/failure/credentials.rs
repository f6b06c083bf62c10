//! When a call failed because it had no credentials to go with.
//!
//! The SDK then says that dispatching failed; the reason lies deep in the chain, and is the only
//! thing worth telling.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

use super::classify::{chain, of_code};
use super::{Call, Cause, Failure, Kind};

/// Why there were no credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    kind: Kind,
    /// The role's call, where it is what failed.
    action: Option<&'static str>,
    code: Option<String>,
    said: Option<String>,
}

impl Trouble {
    /// The failure of the call that had to go without.
    pub(super) fn blame(self, call: Call, source: Cause) -> Failure {
        let action = self.action.unwrap_or(call.action);
        let on = match self.action {
            Some(_) => format!("the role for `{}` on {}", call.action, call.on),
            None => call.on,
        };
        let Self { kind, code, said, .. } = self;
        Failure { call: Call { action, on }, kind, code, said, request: None, source: Some(source) }
    }
}

/// Looks for trouble with credentials anywhere in the chain.
pub(super) fn trouble(error: &(dyn Error + 'static)) -> Option<Trouble> {
    chain(error).find_map(|cause| cause.downcast_ref()).map(explained)
}

/// What the provider of credentials has to say.
pub(super) fn explained(error: &CredentialsError) -> Trouble {
    refused_role(error).unwrap_or_else(|| Trouble {
        kind: kind(error),
        action: None,
        code: None,
        said: Some(chain(error).last().map_or_else(|| error.to_string(), ToString::to_string)),
    })
}

const fn kind(error: &CredentialsError) -> Kind {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Kind::NoCredentials,
        CredentialsError::ProviderTimedOut(_) => Kind::TimedOut,
        _ => Kind::Misconfigured,
    }
}

fn refused_role(error: &CredentialsError) -> Option<Trouble> {
    chain(error).find_map(|cause| {
        let role = cause.downcast_ref::<AssumeRoleError>().map(|error| error.meta());
        let web = cause.downcast_ref::<AssumeRoleWithWebIdentityError>().map(|error| error.meta());
        let action =
            if role.is_some() { "sts:AssumeRole" } else { "sts:AssumeRoleWithWebIdentity" };
        let meta = role.or(web)?;
        let kind = meta.code().and_then(of_code).unwrap_or(Kind::Refused);
        let code = meta.code().map(ToOwned::to_owned);
        let said = meta.message().map(ToOwned::to_owned);
        Some(Trouble { kind, action: Some(action), code, said })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_configured_is_told_from_configured_wrongly() {
        let none = CredentialsError::not_loaded("no providers in chain provided credentials");
        assert_eq!(explained(&none).kind, Kind::NoCredentials);
        let wrong = CredentialsError::invalid_configuration("profile `x` is not defined");
        let trouble = explained(&wrong);
        assert_eq!(trouble.kind, Kind::Misconfigured);
        assert_eq!(trouble.said.as_deref(), Some("profile `x` is not defined"));
    }

    #[test]
    fn a_refused_role_is_blamed_by_the_name_of_its_action() {
        let meta = aws_smithy_types::error::ErrorMetadata::builder()
            .code("AccessDenied")
            .message("not authorized to perform sts:AssumeRole")
            .build();
        let refused = CredentialsError::provider_error(AssumeRoleError::generic(meta));
        let call = Call::new("kms:Sign", "key k");
        let failure = explained(&refused).blame(call, "why".into());
        assert_eq!(failure.kind(), Kind::Denied);
        let text = failure.to_string();
        assert!(text.starts_with("`sts:AssumeRole` on the role for `kms:Sign` on key k"), "{text}");
        assert!(text.ends_with("allow `sts:AssumeRole` in the role's policy"), "{text}");
    }
}
