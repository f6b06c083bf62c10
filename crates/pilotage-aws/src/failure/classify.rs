//! From what the SDK returns to a [`Failure`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::{Call, Failure, Kind, credentials};

/// What became of the call.
pub(crate) fn failed<E>(call: Call, error: SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(trouble) = credentials::trouble(&error) {
        return trouble.blame(call, error.into());
    }
    let code = error.code().map(ToOwned::to_owned);
    let said = error.message().map(ToOwned::to_owned).or_else(|| innermost(&error));
    let request = error.request_id().map(ToOwned::to_owned);
    let kind = kind(&error);
    Failure { call, kind, code, said, request, source: Some(error.into()), sent: true }
}

/// What became of a call that found no credentials to go with.
pub(crate) fn without(call: Call, error: CredentialsError) -> Failure {
    credentials::explained(&error).blame(call, error.into())
}

/// What kind of failure it is.
pub(super) fn kind<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Kind {
    match error {
        SdkError::TimeoutError(_) => Kind::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Kind::TimedOut,
        SdkError::DispatchFailure(_) => Kind::Unreachable,
        SdkError::ResponseError(_) => Kind::Unreadable,
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status();
            if answer.err().message().is_some_and(is_rush) {
                return Kind::Throttled;
            }
            answer.err().code().map_or_else(
                || of_status(status.as_u16()),
                |code| of_code(code).unwrap_or_else(|| of_status(status.as_u16())),
            )
        }
        _ => Kind::Refused,
    }
}

/// ECS has no code of its own for two who register a revision of one family at once.
fn is_rush(said: &str) -> bool {
    said.starts_with("Too many concurrent attempts")
}

/// The kinds that codes have in common, whichever service says them.
pub(crate) fn of_code(code: &str) -> Option<Kind> {
    Some(match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => {
            Kind::Expired
        }
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "AuthFailure"
        | "InvalidIdentityToken"
        | "IDPRejectedClaim"
        | "RequestTimeTooSkewed" => Kind::Rejected,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "NotAuthorized" => Kind::Denied,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "ProvisionedThroughputExceededException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown" => Kind::Throttled,
        "ConditionalCheckFailedException" | "PreconditionFailed" => Kind::Conflict,
        "NoSuchKey" | "NoSuchBucket" => Kind::Missing,
        code if code.contains("NotFound") => Kind::Missing,
        _ => return None,
    })
}

/// What the status alone tells, where the code is unknown or there is none.
const fn of_status(status: u16) -> Kind {
    match status {
        401 => Kind::Rejected,
        403 => Kind::Denied,
        404 => Kind::Missing,
        409 | 412 => Kind::Conflict,
        429 => Kind::Throttled,
        500.. => Kind::Fault,
        _ => Kind::Refused,
    }
}

/// The last word of the chain, which is the only one that tells anything when nobody answered.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> Option<String> {
    chain(error).last().map(ToString::to_string).filter(|word| !word.is_empty())
}

/// What caused the error, from the outside in.
pub(super) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_win_over_statuses_and_unknown_codes_do_not() {
        assert_eq!(of_code("ExpiredTokenException"), Some(Kind::Expired));
        assert_eq!(of_code("RepositoryNotFoundException"), Some(Kind::Missing));
        assert_eq!(of_code("ValidationException"), None);
        assert_eq!(
            [400, 403, 412, 503].map(of_status),
            [Kind::Refused, Kind::Denied, Kind::Conflict, Kind::Fault]
        );
    }
}
