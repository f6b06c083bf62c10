//! When a call failed because it had no credentials to go with.
//!
//! The SDK then says that dispatching failed; the reason lies deep in the chain, and is the only
//! thing worth telling.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::classify::{self, chain, innermost};
use super::{Call, Cause, Failure, Kind};

/// Why there were no credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    kind: Kind,
    /// The role's call, where it is what failed.
    action: Option<&'static str>,
    code: Option<String>,
    said: Option<String>,
    request: Option<String>,
}

impl Trouble {
    /// The failure of the call that had to go without.
    pub(super) fn blame(self, call: Call, source: Cause) -> Failure {
        let action = self.action.unwrap_or(call.action);
        let on = match self.action {
            Some(_) => format!("the role for `{}` on {}", call.action, call.on),
            None => call.on,
        };
        let Self { kind, code, said, request, .. } = self;
        let (call, source) = (Call { action, on }, Some(source));
        Failure { call, kind, code, said, request, source, sent: false }
    }
}

/// Looks for trouble with credentials anywhere in the chain. The innermost counts: a role that
/// cannot be assumed for want of credentials is not to blame.
pub(super) fn trouble(error: &(dyn Error + 'static)) -> Option<Trouble> {
    chain(error).filter_map(|cause| cause.downcast_ref()).last().map(explained)
}

/// What the provider of credentials has to say.
pub(super) fn explained(error: &CredentialsError) -> Trouble {
    if let Some(inner) = chain(error).filter_map(|cause| cause.downcast_ref()).last() {
        return explained(inner);
    }
    refused_role(error).or_else(|| no_token(error)).unwrap_or_else(|| Trouble {
        kind: kind(error),
        action: None,
        code: None,
        said: innermost(error).or_else(|| Some(error.to_string())),
        request: None,
    })
}

const fn kind(error: &CredentialsError) -> Kind {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => Kind::NoCredentials,
        CredentialsError::ProviderTimedOut(_) => Kind::TimedOut,
        _ => Kind::Misconfigured,
    }
}

/// The CI system gave no token to ask for credentials with.
fn no_token(error: &CredentialsError) -> Option<Trouble> {
    let why = chain(error).find_map(|cause| cause.downcast_ref::<pilotage_identity::Error>())?;
    let kind = if why.is_passing() { Kind::Unreachable } else { Kind::Misconfigured };
    let said = match innermost(why) {
        Some(cause) => format!("{why}: {cause}"),
        None => why.to_string(),
    };
    Some(Trouble { kind, action: None, code: None, said: Some(said), request: None })
}

fn refused_role(error: &CredentialsError) -> Option<Trouble> {
    type Answered<E> = SdkError<E, HttpResponse>;
    chain(error).find_map(|cause| {
        if let Some(role) = cause.downcast_ref::<Answered<AssumeRoleError>>() {
            return Some(refused("sts:AssumeRole", role));
        }
        let web = cause.downcast_ref::<Answered<AssumeRoleWithWebIdentityError>>()?;
        Some(refused("sts:AssumeRoleWithWebIdentity", web))
    })
}

fn refused<E>(action: &'static str, error: &SdkError<E, HttpResponse>) -> Trouble
where
    E: ProvideErrorMetadata + Error + 'static,
{
    Trouble {
        kind: classify::kind(error),
        action: Some(action),
        code: error.code().map(ToOwned::to_owned),
        said: error.message().map(ToOwned::to_owned).or_else(|| innermost(error)),
        request: error.request_id().map(ToOwned::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

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
        let answer = HttpResponse::new(403_u16.try_into().expect("a status"), SdkBody::empty());
        let error = SdkError::service_error(AssumeRoleError::generic(meta), answer);
        let refused = CredentialsError::provider_error(error);
        let call = Call::new("kms:Sign", "key k");
        let failure = explained(&refused).blame(call, "why".into());
        assert_eq!(failure.kind(), Kind::Denied);
        assert!(!failure.may_have_happened());
        let text = failure.to_string();
        assert!(text.starts_with("`sts:AssumeRole` on the role for `kms:Sign` on key k"), "{text}");
        assert!(text.ends_with("allow `sts:AssumeRole` in the role's policy"), "{text}");
    }
}
