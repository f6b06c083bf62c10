//! From a failed call to what it means for one reference.

use pilotage_secrets::{Failure as Unread, Words};

use crate::failure::{Failure, Kind};

/// What a call that failed means for everything that it asked for.
pub(super) fn unread(failure: &Failure) -> Unread {
    let (code, said) = (failure.code().unwrap_or_default(), failure.said().unwrap_or_default());
    if let Some(told) = of_code(code, said) {
        return told;
    }
    let said = match code {
        "" => Words::new(&format!("{}: {said}", failure.kind())),
        code => Words::new(&format!("{code}: {said}")),
    };
    match failure.kind() {
        Kind::Missing => Unread::Missing,
        Kind::Throttled => Unread::Throttled { wait: None },
        Kind::Denied => Unread::Denied { said },
        Kind::NoCredentials | Kind::Misconfigured | Kind::Expired | Kind::Rejected => {
            Unread::NoCredentials { said }
        }
        Kind::Unreachable | Kind::TimedOut | Kind::Fault => Unread::Unreachable { said },
        Kind::Unreadable | Kind::Conflict | Kind::Refused => Unread::NotUnderstood { said },
    }
}

/// What a code of these services means, also where it comes inside of an answer.
pub(super) fn of_code(code: &str, said: &str) -> Option<Unread> {
    let words = || Words::new(&format!("{code}: {said}"));
    let lower = said.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    Some(match code {
        "ResourceNotFoundException" if has("staging label") || has("version") => {
            Unread::NoSuchVersion
        }
        "ResourceNotFoundException" | "ParameterNotFound" => Unread::Missing,
        "ParameterVersionNotFound" => Unread::NoSuchVersion,
        "InvalidRequestException" if has("delet") => Unread::Deleted { gone_at: None },
        "DecryptionFailure"
        | "DecryptionFailureException"
        | "InvalidKeyId"
        | "EncryptionFailure" => Unread::KeyDenied { said: words() },
        "AccessDeniedException" if has("kms") => Unread::KeyDenied { said: words() },
        "RequestTimeTooSkewed" => Unread::ClockSkew { said: words() },
        "InvalidSignatureException" if has("not yet current") || has("signature expired") => {
            Unread::ClockSkew { said: words() }
        }
        "AccessDeniedException" => Unread::Denied { said: words() },
        "ThrottlingException" | "TooManyRequestsException" => Unread::Throttled { wait: None },
        "InternalServiceError" | "InternalServerError" => Unread::Unreachable { said: words() },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_services_are_told_apart() {
        let told = |code, said| of_code(code, said).map(|failure| failure.code());
        for (code, said, expected) in [
            (
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
                "missing",
            ),
            (
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: X",
                "no-such-version",
            ),
            (
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for deletion.",
                "deleted",
            ),
            ("AccessDeniedException", "Access to KMS is not allowed", "key-denied"),
            ("AccessDeniedException", "User is not authorized to perform: x", "denied"),
            (
                "InvalidSignatureException",
                "Signature expired: 1 is now earlier than 2",
                "clock-skew",
            ),
        ] {
            assert_eq!(told(code, said), Some(expected), "{said}");
        }
        assert_eq!(told("InvalidSignatureException", "does not match"), None);
    }
}
