//! An emulator, and what tests need there before they begin.

use std::path::Path;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use pilotage_aws::session::Role;
use pilotage_aws::{Session, Settings};
use pilotage_identity::TokenFile;
use pilotage_testkit::real;
use tempfile::TempDir;

/// The account of the fake, and of the usual emulator.
pub(crate) const ACCOUNT: &str = "000000000000";

/// An emulator that runs.
pub(crate) struct Emulator {
    pub address: String,
    account: &'static str,
    folder: TempDir,
}

impl Emulator {
    /// The one with everything but scans; a test without it says so.
    pub(crate) fn ministack() -> Option<Self> {
        Self::require("ministack", "PILOTAGE_TEST_MINISTACK", ACCOUNT)
    }

    /// The one with scans.
    pub(crate) fn moto() -> Option<Self> {
        Self::require("moto", "PILOTAGE_TEST_MOTO", "123456789012")
    }

    fn require(system: &str, variable: &str, account: &'static str) -> Option<Self> {
        let address = read(&real::require(system, variable)?);
        Some(Self { address, account, folder: tempfile::tempdir().expect("a folder") })
    }

    /// A session in a role that a token of a CI system is exchanged for.
    pub(crate) async fn session(&self) -> Session {
        self.session_at(&self.address).await
    }

    /// The same on another way to the emulator.
    pub(crate) async fn session_at(&self, address: &str) -> Session {
        let settings = in_account(self.account, address, self.folder.path(), "token.of.ci");
        Session::open(&settings).await.expect("region and endpoint are given")
    }

    /// For what the adapters never do, such as making keys.
    pub(crate) fn admin(&self) -> SdkConfig {
        let keys = Credentials::new("test", "test", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .endpoint_url(&self.address)
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build()
    }
}

/// Settings with a role for this token.
pub(crate) fn settings(address: &str, folder: &Path, token: &str) -> Settings {
    in_account(ACCOUNT, address, folder, token)
}

fn in_account(account: &str, address: &str, folder: &Path, token: &str) -> Settings {
    let file = folder.join("token");
    write(&file, token);
    let role = Role {
        arn: format!("arn:aws:iam::{account}:role/deploy").parse().expect("a role"),
        session: "run-42".parse().expect("a name"),
        external_id: None,
        web_identity: Some(Arc::new(TokenFile::new(file))),
    };
    Settings {
        region: Some("eu-central-1".into()),
        profile: None,
        endpoint: Some(address.into()),
        role: Some(role),
        clock: None,
    }
}

/// A name that no other test uses, nor an earlier run against the same emulator.
pub(crate) fn unique(name: &str) -> String {
    let folder = tempfile::Builder::new().prefix("x").rand_bytes(12).tempdir().expect("a folder");
    let random = folder.path().file_name().expect("it has one").to_string_lossy();
    format!("{name}-{}", random.to_ascii_lowercase())
}

#[expect(clippy::disallowed_methods, reason = "the emulator's address is in a file")]
fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("it can be read").trim().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "tokens of CI systems come in files")]
fn write(file: &Path, text: &str) {
    std::fs::write(file, text).expect("it can be written");
}
