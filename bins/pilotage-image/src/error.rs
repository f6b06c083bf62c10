//! Why a command could not be done, with what the process returns.

use core::error::Error;

use pilotage_cli::PlatformError;
use pilotage_record::store::{ArchiveError, EvidenceError};
use pilotage_registry::Error as RegistryError;
use pilotage_release::ReleaseError;
use pilotage_rollout::ExitCode;

pub(crate) type Done<T> = Result<T, PlatformError>;

/// What was given is wrong.
pub(crate) fn wrong(
    what: impl Into<String>,
    source: impl Error + Send + Sync + 'static,
) -> PlatformError {
    PlatformError::new(ExitCode::Usage, what).because(source)
}

/// What was asked for is not proven.
pub(crate) fn refused(
    what: impl Into<String>,
    source: impl Error + Send + Sync + 'static,
) -> PlatformError {
    PlatformError::new(ExitCode::Refused, what).because(source)
}

/// The line of releases does not say it.
pub(crate) fn release(error: ReleaseError) -> PlatformError {
    let code = match error.exit_code() {
        6 => ExitCode::Refused,
        4 => ExitCode::Unknown,
        _ => ExitCode::Usage,
    };
    PlatformError::new(code, "history does not say it").because(error)
}

/// The evidence could not be read or written.
pub(crate) fn store(error: EvidenceError) -> PlatformError {
    PlatformError::new(ExitCode::Unknown, "the evidence cannot be used")
        .because(error)
        .help("try again; adding the same once more is harmless")
}

/// Something could not be added.
pub(crate) fn archive(error: ArchiveError) -> PlatformError {
    match error {
        ArchiveError::Store(error) => store(error),
        ArchiveError::Distrust(error) => refused("nobody would believe the event", error)
            .help("let the trust policy say that this key may say so, or sign with another"),
        error => refused("the event was not added", error),
    }
}

/// A registry did not do what it was asked. No tag was moved that is not as it should be.
pub(crate) fn registry(error: RegistryError) -> PlatformError {
    let code = match &error {
        RegistryError::Missing { .. }
        | RegistryError::Untrusted { .. }
        | RegistryError::NoRepository { .. }
        | RegistryError::Unauthorized { .. }
        | RegistryError::Denied { .. }
        | RegistryError::Credentials { .. } => ExitCode::Usage,
        RegistryError::TagTaken { .. }
        | RegistryError::TagLost { .. }
        | RegistryError::EvidenceDiffers { .. }
        | RegistryError::Barred { .. }
        | RegistryError::WrongDigest { .. }
        | RegistryError::WrongSize { .. }
        | RegistryError::TooLarge { .. }
        | RegistryError::TooMany { .. } => ExitCode::Refused,
        _ => ExitCode::Unknown,
    };
    let failed = PlatformError::new(code, "the registry did not do it").because(error);
    match code {
        ExitCode::Unknown => failed.help("run it again: what arrived is found and kept"),
        _ => failed,
    }
}
